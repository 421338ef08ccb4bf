import { ProtocolError, ShapeError } from '../errors.js';
import { hasLandmarks } from './has-landmarks.js';

/** Normalised mean error over faces, or why there is none. */
export type NmeSummary =
  | {
      readonly faces: number;
      /** Mean over faces of the normalised error. */
      readonly mean: number;
      /** Share of faces whose error is above the failure threshold. */
      readonly failureRate: number;
      /** Area under the cumulative error distribution from 0 to the failure threshold, over the threshold: 0..1. */
      readonly auc: number;
    }
  | { readonly faces: 0; readonly reason: 'no face has annotated landmarks' };

/**
 * Normalised error of each face: the mean distance of its five landmarks from the annotated ones, over the size of the
 * face.
 *
 * @param landmarks   Float32Array [N, 10]: (x, y) of five predicted landmarks in pixels.
 * @param groundTruth Float32Array [N, 10]: the annotated ones, same order and pixels; all -1 where a face has none, NaN
 *                    where one is not known: it takes no part.
 * @param boxesXyxy   Float32Array [N, 4]: annotated boxes, whose sqrt(width * height) is the size (section 4.5).
 * @param out         Float64Array [N]: receives the errors as a fraction of the size; -1 for a face without annotation
 *                    or without area.
 * @returns `out`.
 * @throws {ShapeError} if the lengths do not fit one N.
 * Cost: O(N), allocates nothing.
 * Source: arXiv:1905.00641, section 4.5 (normalised by face box size, as on AFLW).
 */
export function landmarkErrors(
  landmarks: Float32Array,
  groundTruth: Float32Array,
  boxesXyxy: Float32Array,
  out: Float64Array,
): Float64Array {
  const count = out.length;
  if (landmarks.length !== count * 10 || groundTruth.length !== count * 10 || boxesXyxy.length !== count * 4) {
    throw new ShapeError(
      `landmarkErrors: expected landmarks and ground truth [${count}, 10] and boxes [${count}, 4] for an out of ${count}, got lengths ${landmarks.length}, ${groundTruth.length} and ${boxesXyxy.length}`,
    );
  }
  for (let face = 0; face < count; face++) {
    const width = boxesXyxy[face * 4 + 2] - boxesXyxy[face * 4];
    const height = boxesXyxy[face * 4 + 3] - boxesXyxy[face * 4 + 1];
    if (!hasLandmarks(groundTruth, face) || !(width > 0 && height > 0)) {
      out[face] = -1;
      continue;
    }
    let distance = 0;
    let known = 0;
    for (let at = face * 10; at < face * 10 + 10; at += 2) {
      if (Number.isNaN(groundTruth[at]) || Number.isNaN(groundTruth[at + 1])) continue;
      distance += Math.hypot(landmarks[at] - groundTruth[at], landmarks[at + 1] - groundTruth[at + 1]);
      known++;
    }
    out[face] = distance / known / Math.sqrt(width * height);
  }
  return out;
}

/**
 * Sum up the errors of landmarkErrors.
 *
 * @param errors    Float64Array [N]; negative ones (no annotation) take no part.
 * @param threshold an error above this is a failure; 0.1 in the literature on five landmarks.
 * @throws {ProtocolError} if the threshold is not above 0.
 * Cost: O(N). The distribution is a step function, so that the area is exact: the mean of max(0, threshold - error).
 */
export function summarizeNme(errors: Float64Array, threshold: number): NmeSummary {
  if (!(threshold > 0 && Number.isFinite(threshold))) {
    throw new ProtocolError(`summarizeNme: threshold: expected a finite number above 0, got ${threshold}`);
  }
  let faces = 0;
  let sum = 0;
  let failures = 0;
  let area = 0;
  for (const error of errors) {
    if (error < 0) continue;
    faces++;
    sum += error;
    if (error > threshold) failures++;
    else area += threshold - error;
  }
  if (faces === 0) return { faces, reason: 'no face has annotated landmarks' };
  return { faces, mean: sum / faces, failureRate: failures / faces, auc: area / (threshold * faces) };
}
