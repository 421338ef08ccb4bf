import { columnInfluence, influenceRounding, isLowerBetter } from '../../ap/detection-influence.js';
import type { DetectionImages, DetectionResult } from '../../record/detection-result.js';
import type { ResultRecord } from '../../record/record.js';
import { type Contradiction, checkInterval, requireEqual, requireThat } from './contradiction.js';

/**
 * Contradictions within a detection record: AP, AP50 and all numbers with influences from what the images find, intervals,
 * operating points from their counts, columns of images of one length.
 */
export function findDetectionContradictions({ detection, dataset }: ResultRecord): Contradiction[] {
  if (detection === undefined) return [];
  return [
    ...Object.entries(detection.interval ?? {}).flatMap(([name, interval]) =>
      checkInterval(`detection.interval.${name}`, interval, detection.values[name]),
    ),
    ...checkPoints(detection, dataset?.images),
    ...checkMissRateCurve(detection),
    ...(detection.images === undefined ? [] : checkImages(detection, detection.images, dataset?.images)),
  ];
}

function checkPoints(
  { points = {}, values, faces, detections }: DetectionResult,
  images: number | undefined,
): Contradiction[] {
  const found = Object.entries(points).flatMap(([name, point]) => {
    const path = `detection.points.${name}`;
    const { truePositives, falsePositives, precision, recall, f1, fppi } = point;
    const proposals = truePositives + falsePositives;
    return [
      ...requireThat(proposals <= detections, path, `at most ${detections} detections`, proposals),
      ...requireThat(
        truePositives <= faces.counted,
        `${path}.truePositives`,
        `at most ${faces.counted} faces`,
        truePositives,
      ),
      ...requireEqual(`${path}.precision`, truePositives / Math.max(proposals, 1), precision, 'from its counts'),
      ...requireEqual(`${path}.recall`, truePositives / Math.max(faces.counted, 1), recall, 'from its counts'),
      ...requireEqual(
        `${path}.f1`,
        (2 * truePositives) / Math.max(proposals + faces.counted, 1),
        f1,
        'from its counts',
      ),
      ...(images === undefined ? [] : requireEqual(`${path}.fppi`, falsePositives / images, fppi, 'from its counts')),
    ];
  });
  const best = points.bestF1?.f1;
  if (best !== undefined && values.f1 !== undefined) {
    found.push(...requireEqual('detection.values.f1', best, values.f1, 'that of its point'));
  }
  return found;
}

function checkMissRateCurve({ missRateCurve }: DetectionResult): Contradiction[] {
  if (missRateCurve === undefined) return [];
  const { fppi, missRate } = missRateCurve;
  const falls = missRate.every((rate, at) => at === 0 || rate <= missRate[at - 1]);
  const rises = fppi.every((rate, at) => at === 0 || rate >= fppi[at - 1]);
  return requireThat(
    fppi.length === missRate.length && falls && rises,
    'detection.missRateCurve',
    'as many miss rates, falling, as false positives per image, rising',
    `${missRate.length} and ${fppi.length}`,
  );
}

function checkImages(
  { values, faces }: DetectionResult,
  images: DetectionImages,
  evaluated: number | undefined,
): Contradiction[] {
  const count = images.names.length;
  const path = 'detection.images';
  const lengths = [
    images.digests.length,
    ...Object.values(images.faces).map((of) => of.length),
    ...Object.values(images.influence).map(({ perImage }) => perImage.length),
    ...(evaluated === undefined ? [] : [evaluated]),
  ];
  const other = lengths.find((length) => length !== count);
  if (other !== undefined) return [{ path, expected: `${count} values a column, one an image`, actual: String(other) }];
  if (new Set(images.names).size !== count) return [{ path, expected: 'every image once', actual: 'one twice' }];
  const all = images.faces.all?.reduce((sum, of) => sum + of, 0);
  const found = all === undefined ? [] : requireEqual(`${path}.faces.all`, faces.counted, all, 'the counted faces');
  for (const name of Object.keys(images.influence)) {
    const value = values[name];
    if (value === undefined) {
      found.push({ path: `${path}.influence.${name}`, expected: `a value of ${name}`, actual: 'none' });
      continue;
    }
    found.push(...checkInfluence(images, name, isLowerBetter(name) ? 1 - value : value));
  }
  return found;
}

/** Influences add up to nothing; of an AP or a recall, what the images find adds up to it. */
function checkInfluence(images: DetectionImages, name: string, value: number): Contradiction[] {
  const path = `detection.images.influence.${name}`;
  const column = columnInfluence(images, name, value);
  if (column === undefined) {
    return [{ path, expected: 'a column of counted faces', actual: images.influence[name].faces }];
  }
  const { grid } = images.influence[name];
  if (grid !== undefined && (grid.recall.length === 0 || grid.recall.length !== grid.step.length)) {
    return [{ path: `${path}.grid`, expected: 'a step for each recall', actual: `${grid.step.length} steps` }];
  }
  const sum = (values: Float64Array): number => values.reduce((total, own) => total + own, 0);
  const { influence, found } = column.effect;
  const isArea = /^(?:uncapped\.)?a[pr]|^voc\.|^wider\./.test(name);
  // One image of thousands of false detections has an influence of thousands, which nine digits keep to 1e-5.
  const rounding = influenceRounding * sum(influence.map(Math.abs));
  return [
    ...requireEqual(path, 0, sum(influence), 'as influences add up to', rounding),
    ...(isArea
      ? requireEqual(path, value, sum(found), 'the number, to which what the images find adds up', rounding)
      : []),
  ];
}
