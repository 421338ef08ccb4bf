import { boxIou } from '@retinabench/core';
import type { Detections } from '../detector/detections.js';

/** How far the detections of one image lie from those of another run. */
export interface DetectionDifference {
  /** Detections of either run that the other lacks. */
  readonly unmatched: number;
  readonly scoreMaxAbsolute: number;
  /** Largest difference of a corner's coordinate, pixels of the image. */
  readonly boxMaxPx: number;
}

/** Boxes that overlap less are not the same detection. */
const sameBoxIou = 0.5;

/**
 * Pair the detections of two runs: each of the reference, best score first, with the unpaired detection that overlaps
 * it most.
 *
 * Cost: O(n m) overlaps.
 */
export function compareDetections(reference: Detections, actual: Detections): DetectionDifference {
  const free = new Set(Array.from({ length: actual.count }, (_, index) => index));
  let scoreMaxAbsolute = 0;
  let boxMaxPx = 0;
  let paired = 0;
  for (let index = 0; index < reference.count; index++) {
    const box = reference.boxesXyxy.subarray(index * 4, index * 4 + 4);
    const partner = bestOverlap(reference, index, actual, free);
    if (partner === undefined) continue;
    free.delete(partner);
    paired++;
    scoreMaxAbsolute = Math.max(scoreMaxAbsolute, Math.abs(reference.scores[index] - actual.scores[partner]));
    for (let corner = 0; corner < 4; corner++) {
      boxMaxPx = Math.max(boxMaxPx, Math.abs(box[corner] - actual.boxesXyxy[partner * 4 + corner]));
    }
  }
  return { unmatched: reference.count + actual.count - 2 * paired, scoreMaxAbsolute, boxMaxPx };
}

function bestOverlap(
  reference: Detections,
  index: number,
  actual: Detections,
  free: ReadonlySet<number>,
): number | undefined {
  let best: number | undefined;
  let bestIou = sameBoxIou;
  for (const candidate of free) {
    const overlap = boxIou(reference.boxesXyxy, index, actual.boxesXyxy, candidate, 0);
    if (overlap >= bestIou) {
      best = candidate;
      bestIou = overlap;
    }
  }
  return best;
}
