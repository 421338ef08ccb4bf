import { PredictionsBuilder } from './builder.js';
import type { WiderPredictions } from './predictions.js';

/** Detections of one score that are compared with each other. */
const mostTies = 64;

/**
 * The earlier detection of the same image with the same box and score as `detection`: one of the same score before it, or,
 * where a list is repeated, half of the list before.
 *
 * @returns its index, or -1. Cost: O(1) where scores differ.
 */
export function duplicateOf({ start, boxesXywh, scores }: WiderPredictions, image: number, detection: number): number {
  const same = (other: number): boolean => {
    if (scores[other] !== scores[detection]) return false;
    for (let at = 0; at < 4; at++) if (boxesXywh[4 * other + at] !== boxesXywh[4 * detection + at]) return false;
    return true;
  };
  const from = start[image];
  const half = (start[image + 1] - from) / 2;
  if (Number.isInteger(half) && detection - half >= from && same(detection - half)) return detection - half;
  const last = Math.max(from, detection - mostTies);
  for (let other = detection - 1; other >= last && scores[other] === scores[detection]; other--) {
    if (same(other)) return other;
  }
  return -1;
}

/** Predictions with each detection once, in their old order. */
export function dropDuplicates(predictions: WiderPredictions): WiderPredictions {
  const { images, start, boxesXywh: b, scores, findings, files } = predictions;
  const builder = new PredictionsBuilder();
  images.forEach((name, image) => {
    for (let d = start[image]; d < start[image + 1]; d++) {
      if (duplicateOf(predictions, image, d) < 0)
        builder.add(b[4 * d], b[4 * d + 1], b[4 * d + 2], b[4 * d + 3], scores[d]);
    }
    builder.closeImage(name, files?.[image]);
  });
  return builder.build(findings);
}
