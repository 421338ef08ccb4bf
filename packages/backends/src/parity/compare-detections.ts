import { boxIou } from '@retinabench/core';
import type { Detections } from '../detector/detections.js';

/** How far the detections of one image lie from those of another run. */
export interface DetectionDifference {
  /** Detections of either run that the other lacks. */
  readonly unmatched: number;
  readonly scoreMaxAbsolute: number;
  /** Largest difference of a corner's coordinate, pixels of the image. */
  readonly boxMaxPx: number;
  /** Of faces that have landmarks in both runs; absent where none has. */
  readonly landmarks?: LandmarkDifferences;
}

/** How far landmarks lie apart. */
export interface LandmarkDifferences {
  readonly faces: number;
  /** Largest distance of a point, pixels of the image. */
  readonly maxPx: number;
  /** Sum over the faces of the mean distance of their points over sqrt(width x height) of the reference's box. */
  readonly sumOfErrors: number;
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
  let [faces, maxPx, sumOfErrors] = [0, 0, 0];
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
    const points = landmarkDistances(reference, index, actual, partner);
    if (points.length === 0) continue;
    faces++;
    maxPx = Math.max(maxPx, ...points);
    const size = Math.sqrt((box[2] - box[0]) * (box[3] - box[1]));
    sumOfErrors += points.reduce((sum, distance) => sum + distance, 0) / points.length / size;
  }
  return {
    unmatched: total - 2 * paired,
    scoreMaxAbsolute,
    boxMaxPx,
    ...(faces === 0 ? {} : { landmarks: { faces, maxPx, sumOfErrors } }),
  };
}

/** Distances of the points of two faces; none where a run has no landmarks. */
function landmarkDistances(reference: Detections, index: number, actual: Detections, partner: number): number[] {
  const [a, b] = [reference.landmarks, actual.landmarks];
  if (a === undefined || b === undefined) return [];
  return [0, 2, 4, 6, 8].map((at) =>
    Math.hypot(a[index * 10 + at] - b[partner * 10 + at], a[index * 10 + at + 1] - b[partner * 10 + at + 1]),
  );
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
