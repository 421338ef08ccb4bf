import { type DetectionPoint, detectionOutcome } from '@retinabench/results';
import type { OperatingCurve } from '../thresholds/operating-curve.js';

/**
 * The operating curve of matched detections. Points exist between different scores alone: a threshold cannot divide
 * detections of one score.
 *
 * @param outcomes Uint8Array [detections] of `detectionOutcome`, best score first.
 * @param scores   Float64Array [detections], descending.
 * Cost: O(detections).
 */
export function rankedOperatingCurve(
  outcomes: Uint8Array,
  scores: Float64Array,
  faces: number,
  images: number,
): OperatingCurve {
  const points = { scores: [] as number[], truePositives: [] as number[], falsePositives: [] as number[] };
  let truePositives = 0;
  let falsePositives = 0;
  for (let rank = 0; rank < outcomes.length; rank++) {
    if (outcomes[rank] === detectionOutcome.truePositive) truePositives++;
    else if (outcomes[rank] === detectionOutcome.falsePositive) falsePositives++;
    if (rank + 1 < outcomes.length && scores[rank + 1] === scores[rank]) continue;
    if (truePositives + falsePositives === (points.truePositives.at(-1) ?? 0) + (points.falsePositives.at(-1) ?? 0))
      continue;
    points.scores.push(scores[rank]);
    points.truePositives.push(truePositives);
    points.falsePositives.push(falsePositives);
  }
  return {
    scores: Float64Array.from(points.scores),
    truePositives: Int32Array.from(points.truePositives),
    falsePositives: Int32Array.from(points.falsePositives),
    faces,
    images,
  };
}

/** The point at index `at` of the curve. */
export function pointAt(curve: OperatingCurve, at: number): DetectionPoint {
  const truePositives = curve.truePositives[at];
  const falsePositives = curve.falsePositives[at];
  const proposals = truePositives + falsePositives;
  return {
    score: curve.scores[at],
    precision: truePositives / proposals,
    recall: truePositives / curve.faces,
    f1: (2 * truePositives) / (proposals + curve.faces),
    fppi: falsePositives / curve.images,
    truePositives,
    falsePositives,
  };
}

/** The point when detections of at least `score` are used; undefined if none of them counts. */
export function pointAtScore(curve: OperatingCurve, score: number): DetectionPoint | undefined {
  let at = -1;
  while (at + 1 < curve.scores.length && curve.scores[at + 1] >= score) at++;
  return at < 0 ? undefined : { ...pointAt(curve, at), score };
}

/** The point of the highest F1, of equal ones that of the highest score; undefined where no detection counts. */
export function bestF1(curve: OperatingCurve): DetectionPoint | undefined {
  let best: number | undefined;
  let bestValue = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < curve.scores.length; at++) {
    const value = (2 * curve.truePositives[at]) / (curve.truePositives[at] + curve.falsePositives[at] + curve.faces);
    if (value <= bestValue) continue;
    best = at;
    bestValue = value;
  }
  return best === undefined ? undefined : pointAt(curve, best);
}
