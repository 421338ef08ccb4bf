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
export function duplicateOf(predictions: WiderPredictions, image: number, detection: number): number {
  const { start, scores } = predictions;
  const from = start[image];
  const count = start[image + 1] - from;
  const repeated = detection - count / 2;
  if (count % 2 === 0 && repeated >= from && areSame(predictions, repeated, detection)) return repeated;
  const last = Math.max(from, detection - mostTies);
  for (let other = detection - 1; other >= last && scores[other] === scores[detection]; other--) {
    if (areSame(predictions, other, detection)) return other;
  }
  return -1;
}

function areSame({ boxesXywh, scores }: WiderPredictions, one: number, other: number): boolean {
  if (scores[one] !== scores[other]) return false;
  for (let at = 0; at < 4; at++) if (boxesXywh[4 * one + at] !== boxesXywh[4 * other + at]) return false;
  return true;
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
