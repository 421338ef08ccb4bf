import { seededRandom } from '@retinabench/core';
import type { AnnotatedFace } from '../src/ground-truth/build.js';
import type { WiderGroundTruth } from '../src/ground-truth/ground-truth.js';
import { PredictionsBuilder } from '../src/predictions/builder.js';
import type { WiderPredictions } from '../src/predictions/predictions.js';
import { buildGroundTruth } from './build-ground-truth.js';

/** A face that counts in all splits, or in those given. */
export function face(
  box: readonly number[],
  splits: AnnotatedFace['splits'] = ['easy', 'medium', 'hard'],
): AnnotatedFace {
  return { box, splits, labels: { blur: 0, expression: 0, illumination: 0, occlusion: 0, pose: 0, invalid: 0 } };
}

export type DetectionRow = readonly [x: number, y: number, w: number, h: number, score: number];

/** Predictions from rows per image. */
export function predictionsOf(images: Readonly<Record<string, readonly DetectionRow[]>>): WiderPredictions {
  const builder = new PredictionsBuilder();
  for (const [name, rows] of Object.entries(images)) {
    for (const row of rows) builder.add(...row);
    builder.closeImage(name);
  }
  return builder.build();
}

/** The rows of predictions, image by image. */
export function rowsOf(predictions: WiderPredictions): Record<string, DetectionRow[]> {
  const { start, boxesXywh: b, scores } = predictions;
  return Object.fromEntries(
    predictions.images.map((name, image) => [
      name,
      Array.from({ length: start[image + 1] - start[image] }, (_, index): DetectionRow => {
        const d = start[image] + index;
        return [b[4 * d], b[4 * d + 1], b[4 * d + 2], b[4 * d + 3], scores[d]];
      }),
    ]),
  );
}

/**
 * A seeded run on a made-up data set of 1024 x 768 images: 1 to 12 faces each (every fifth is ignored, every third of
 * the rest is small and counts in hard alone), of which most are found, jittered, some twice, and some false positives;
 * best score first.
 */
export function syntheticRun(
  seed: number,
  images = 40,
): { readonly groundTruth: WiderGroundTruth; readonly predictions: WiderPredictions } {
  const random = seededRandom(seed);
  const between = (low: number, high: number): number => Math.floor(low + random() * (high - low));
  const rows: Record<string, DetectionRow[]> = {};
  const annotated = Array.from({ length: images }, (_, index) => {
    const name = `${index % 3}--Event/${index % 3}_Event_${index}`;
    const detections: DetectionRow[] = [];
    const faces = Array.from({ length: between(1, 13) }, (_, position): AnnotatedFace => {
      const size = position % 3 === 2 ? between(11, 30) : between(40, 160);
      const box = [between(0, 1024 - size), between(0, 768 - size), size, size + between(0, 10)];
      const copies = random() < 0.8 ? (random() < 0.1 ? 2 : 1) : 0;
      for (let copy = 0; copy < copies; copy++) {
        const jitter = (): number => (random() - 0.5) * 0.12 * size;
        const shift = [jitter(), jitter(), jitter(), jitter()];
        detections.push([
          ...box.map((value, axis) => value + shift[axis]),
          0.3 + 0.7 * random(),
        ] as unknown as DetectionRow);
      }
      const splits = position % 5 === 4 ? [] : size < 40 ? (['hard'] as const) : (['easy', 'medium', 'hard'] as const);
      const labels = {
        blur: between(0, 3),
        expression: between(0, 2),
        illumination: between(0, 2),
        occlusion: between(0, 3),
        pose: between(0, 2),
        invalid: splits.length === 0 ? 1 : 0,
      };
      return { box, splits, labels };
    });
    for (let misfire = between(0, 6); misfire > 0; misfire--) {
      const size = between(15, 120);
      detections.push([between(0, 900), between(0, 650), size, size, 0.02 + 0.6 * random() ** 2]);
    }
    rows[name] = detections.sort((a, b) => b[4] - a[4]);
    return { name, faces };
  });
  return { groundTruth: buildGroundTruth(annotated, 'synthetic'), predictions: predictionsOf(rows) };
}
