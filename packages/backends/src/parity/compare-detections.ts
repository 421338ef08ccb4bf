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
 * it most. Boxes without area overlap nothing and are not compared.
 *
 * Cost: O(n m) overlaps.
 */
export function compareDetections(reference: Detections, actual: Detections): DetectionDifference {
  const compared = withArea(reference);
  const free = new Set(withArea(actual));
  const total = compared.length + free.size;
  let scoreMaxAbsolute = 0;
  let boxMaxPx = 0;
  let paired = 0;
  for (const index of compared) {
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
  return { unmatched: total - 2 * paired, scoreMaxAbsolute, boxMaxPx };
}

/** Indices of the detections whose box has an area. */
function withArea({ count, boxesXyxy }: Detections): number[] {
  return Array.from({ length: count }, (_, index) => index).filter(
    (index) => boxesXyxy[index * 4 + 2] > boxesXyxy[index * 4] && boxesXyxy[index * 4 + 3] > boxesXyxy[index * 4 + 1],
  );
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
