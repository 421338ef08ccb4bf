import { ShapeError } from '@retinabench/core/basics';

/** Thresholds of the WIDER FACE curve: 1 - t/1000 for t = 1 .. 1000, on scores normalised to 0..1. */
export const thresholdCount = 1000;

/**
 * Average precision of a cumulative curve: precision made non-increasing from the right, times the step in recall.
 *
 * @param proposals     [T]: detections that count (true and false positives) at thresholds 1..T, non-decreasing.
 * @param truePositives [T]: faces found at the same thresholds, non-decreasing, at most `proposals`.
 * @param faces         counted faces, more than 0.
 * @returns 0..1. A threshold without proposals has no precision: the point is absent (the public evaluators compute
 * 0/0 there, which never reaches their sum because recall is still 0).
 * @throws {ShapeError} if the lengths differ or `faces` is not above 0.
 * Cost: O(T), allocates nothing.
 * Source: the VOC rule as the public WIDER FACE evaluators use it, with (recall 0, precision 0) and (1, 0) appended.
 */
export function averagePrecision(
  proposals: ArrayLike<number>,
  truePositives: ArrayLike<number>,
  faces: number,
): number {
  if (proposals.length !== truePositives.length || !(faces > 0)) {
    throw new ShapeError(
      `average precision: expected two curves of one length and faces > 0, got ${proposals.length} proposals, ${truePositives.length} true positives, ${faces} faces`,
    );
  }
  let ap = 0;
  let envelope = 0;
  let recall = proposals.length === 0 ? 0 : truePositives[proposals.length - 1] / faces;
  for (let t = proposals.length - 1; t >= 0; t--) {
    if (proposals[t] > 0) envelope = Math.max(envelope, truePositives[t] / proposals[t]);
    const recallBefore = t === 0 ? 0 : truePositives[t - 1] / faces;
    ap += (recall - recallBefore) * envelope;
    recall = recallBefore;
  }
  // The steps add up to at most 1 except for rounding.
  return Math.min(ap, 1);
}
