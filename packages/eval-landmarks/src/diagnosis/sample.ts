import { quantile } from '@retinabench/results';
import type { LandmarkInput } from './finding.js';

/** Faces that are looked at: enough to tell a mistake that all share, few enough to cost nothing. */
const mostFaces = 2000;

/** A matched face of which both points are known: x and y of each point. */
export interface SampleFace {
  readonly truth: Float64Array;
  readonly predicted: Float64Array;
  /** Diagonal of the box around the annotated points, pixels. */
  readonly diagonal: number;
  readonly face: number;
  readonly match: number;
}

/** Matched faces whose points are all known on both sides, evenly chosen. */
export function sampleFaces({ annotated, predicted, pairs }: LandmarkInput): SampleFace[] {
  const { count } = annotated.scheme;
  const step = Math.max(1, Math.ceil(annotated.faces / mostFaces));
  const sample: SampleFace[] = [];
  for (let face = 0; face < annotated.faces; face += step) {
    const match = pairs.matches[face];
    if (match < 0) continue;
    const truth = annotated.points.subarray(face * count * 2, (face + 1) * count * 2);
    const found = predicted.points.subarray(match * count * 2, (match + 1) * count * 2);
    if (!truth.every(Number.isFinite) || !found.every(Number.isFinite)) continue;
    const { width, height } = boxOf(truth);
    const diagonal = Math.hypot(width, height);
    if (diagonal > 0) sample.push({ truth, predicted: found, diagonal, face, match });
  }
  return sample;
}

/** Centre and sides of the box around points. */
export function boxOf(points: Float64Array): { x: number; y: number; width: number; height: number } {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < points.length; at += 2) {
    left = Math.min(left, points[at]);
    right = Math.max(right, points[at]);
    top = Math.min(top, points[at + 1]);
    bottom = Math.max(bottom, points[at + 1]);
  }
  return { x: (left + right) / 2, y: (top + bottom) / 2, width: right - left, height: bottom - top };
}

/**
 * Median over the faces of the mean distance over the diagonal, of predicted points that a reading carries to others.
 *
 * @param reading of the predicted point `point` of a face: its x and y.
 */
export function medianError(
  sample: readonly SampleFace[],
  reading: (face: SampleFace, point: number) => readonly [number, number],
): number {
  const errors = sample.map((face) => {
    let sum = 0;
    for (let point = 0; point * 2 < face.truth.length; point++) {
      const [x, y] = reading(face, point);
      sum += Math.hypot(x - face.truth[point * 2], y - face.truth[point * 2 + 1]);
    }
    return (2 * sum) / face.truth.length / face.diagonal;
  });
  return errors.length === 0 ? Number.NaN : quantile(errors, 0.5);
}
