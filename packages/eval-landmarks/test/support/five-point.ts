import { pointScheme } from '../../src/points/point-scheme.js';
import type { LandmarkSet } from '../../src/set/landmark-set.js';
import { goldenText } from './shared.js';

/** The synthetic ground truth of golden/landmarks/five-point: x y w h, then x y flag of each point, -1 where there are none. */
export function fivePointTruth(): LandmarkSet {
  const rows: { image: string; numbers: number[] }[] = [];
  const images = new Set<string>();
  let image = '';
  for (const line of goldenText('five-point/label.txt').split('\n')) {
    if (line.startsWith('#')) {
      image = line.slice(1).trim();
      images.add(image);
    } else if (line.trim() !== '') rows.push({ image, numbers: line.trim().split(/\s+/).map(Number) });
  }
  return {
    place: 'label.txt',
    faces: rows.length,
    scheme: pointScheme(5),
    images: [...images],
    imageOf: Int32Array.from(rows, (row) => [...images].indexOf(row.image)),
    boxesXywh: Float64Array.from(rows.flatMap(({ numbers }) => numbers.slice(0, 4))),
    points: Float64Array.from(
      rows.flatMap(({ numbers }) =>
        [0, 1, 2, 3, 4].flatMap((point) => {
          const [x, y] = numbers.slice(4 + 3 * point);
          return x < 0 ? [Number.NaN, Number.NaN] : [x, y];
        }),
      ),
    ),
    attributes: new Map(),
  };
}

/** Its detections. */
export function fivePointPredictions(): LandmarkSet {
  const rows = goldenText('five-point/predictions.jsonl')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { image: string; detections: number[][] })
    .flatMap(({ image, detections }) => detections.map((numbers) => ({ image, numbers })));
  const images = [...new Set(rows.map(({ image }) => image))];
  return {
    place: 'predictions.jsonl',
    faces: rows.length,
    scheme: pointScheme(5),
    images,
    imageOf: Int32Array.from(rows, (row) => images.indexOf(row.image)),
    boxesXywh: Float64Array.from(rows.flatMap(({ numbers: [x1, y1, x2, y2] }) => [x1, y1, x2 - x1, y2 - y1])),
    scores: Float64Array.from(rows, ({ numbers }) => numbers[4]),
    points: Float64Array.from(rows.flatMap(({ numbers }) => numbers.slice(5, 15))),
    attributes: new Map(),
  };
}
