import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writePredictions } from '../../src/convert/write-predictions.js';
import { writeSet } from '../../src/convert/write-set.js';
import { loadPredictions } from '../../src/load/load-predictions.js';
import type { ImageSizes } from '../../src/reading/image-sizes.js';
import { type PredictionFormat, predictionFormats } from '../../src/reading/reading.js';
import { withoutExtension } from '../../src/set/image-name.js';
import type { Predictions } from '../../src/set/predictions.js';
import { PredictionsBuilder } from '../../src/set/predictions-builder.js';

let folder = '';
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-convert-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Every image has 640 x 480 pixels. */
const sizes: ImageSizes = { from: 'the test', sizeOf: () => [640, 480], nameOf: () => undefined, names: [] };

const number = fc.oneof(
  fc.integer({ min: -20, max: 900 }),
  fc.double({ min: -20, max: 900, noNaN: true }).map((value) => value + 0),
);
/** No box is so small that it may be one in parts of an image. */
const side = fc.double({ min: 15, max: 500, noNaN: true });
const detection = fc.record({
  x: number,
  y: number,
  w: side,
  h: side,
  score: fc.double({ min: 0, max: 1, noNaN: true }),
});

/** Seeded predictions; each image has some, as not all forms hold images without. */
const randomPredictions = fc
  .uniqueArray(
    fc.record({
      name: fc.stringMatching(/^[a-z]{1,4}(\/[a-z0-9_ -]{0,4}[a-z0-9])?\.jpg$/),
      detections: fc.array(detection, { minLength: 1, maxLength: 5 }),
    }),
    { minLength: 1, maxLength: 4, selector: ({ name }) => name },
  )
  .map((images) => {
    const builder = new PredictionsBuilder({ negativeSizes: 'refuse', keepFlag: '' });
    for (const { name, detections } of images) {
      const image = builder.image(name, 'random');
      for (const { x, y, w, h, score } of detections) builder.add(image, x, y, w, h, score, () => 'random');
    }
    return builder.build();
  });

async function through(predictions: Predictions, format: PredictionFormat): Promise<Predictions> {
  const target = path.join(folder, String(++count));
  await writeSet(writePredictions(predictions, format, { sizes }), target);
  const loaded = loadPredictions(target);
  expect(loaded.format).toBe(format);
  return loaded.predictions;
}

/** Detections by image, its extension left out, as not all forms have it. */
function comparable({ images, start, boxesXywh, scores }: Predictions): Map<string, number[][]> {
  return new Map(
    images.map((name, image) => [
      withoutExtension(name),
      Array.from({ length: start[image + 1] - start[image] }, (_, index) => {
        const row = start[image] + index;
        return [...boxesXywh.subarray(4 * row, 4 * row + 4), scores[row]];
      }),
    ]),
  );
}

/** Parts of images in doubles (YOLO), and sums of corners in doubles (VOC). */
const tolerance: Readonly<Partial<Record<PredictionFormat, number>>> = { yolo: 1e-10, 'voc-detections': 1e-10 };

const pairs = predictionFormats.flatMap((first) => predictionFormats.map((second) => [first, second] as const));

test.each(pairs)(
  'predictions written as %s and then as %s are the same, to the last digit of decimal forms',
  async (first, second) => {
    const seed = 100 + 10 * predictionFormats.indexOf(first) + predictionFormats.indexOf(second);
    await fc.assert(
      fc.asyncProperty(randomPredictions, async (predictions) => {
        const expected = comparable(predictions);
        const actual = comparable(await through(await through(predictions, first), second));
        const most = (tolerance[first] ?? 0) + (tolerance[second] ?? 0);
        expect([...actual.keys()].sort()).toEqual([...expected.keys()].sort());
        for (const [name, detections] of expected) {
          const found = actual.get(name) ?? [];
          expect(found.length).toBe(detections.length);
          detections.flat().forEach((value, at) => {
            expect(Math.abs(found.flat()[at] - value)).toBeLessThanOrEqual(most);
          });
        }
      }),
      { seed, numRuns: 8 },
    );
  },
);

test('images without detections stay, or are counted where the form has no place for them', () => {
  const builder = new PredictionsBuilder({ negativeSizes: 'refuse', keepFlag: '' });
  builder.image('a.jpg', 'test');
  const predictions = builder.build();
  for (const format of predictionFormats) {
    const { losses } = writePredictions(predictions, format, { sizes });
    const isBare = format === 'coco-results' || format === 'voc-detections';
    expect(losses).toEqual(isBare ? [{ what: 'images without detections', count: 1 }] : []);
  }
});
