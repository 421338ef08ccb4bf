import { detectionOutcome } from '@retinabench/results';

/** What a detector does at every score at which it can be used: a point for each distinct score, highest first. */
export interface OperatingCurve {
  /** Float64Array [points]: detections of at least this score are used. */
  readonly scores: Float64Array;
  /** Float64Array [points]: counted faces found. */
  readonly truePositives: Float64Array;
  /** Float64Array [points]: detections that count and find none. */
  readonly falsePositives: Float64Array;
  /** Counted faces, more than 0. */
  readonly faces: number;
  /** Images evaluated, those without faces or detections among them. */
  readonly images: number;
}

/**
 * The operating curve of matched detections. Points exist between different scores alone: a threshold cannot divide
 * detections of one score.
 *
 * @param outcomes Uint8Array [detections] of `detectionOutcome`, best score first.
 * @param scores   Float64Array [detections], descending.
 * Cost: O(detections).
 */
export function operatingCurve(
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
    truePositives: Float64Array.from(points.truePositives),
    falsePositives: Float64Array.from(points.falsePositives),
    faces,
    images,
  };
}

/** Use of a detector at one score. */
export interface OperatingPoint {
  /** The lowest score that is used. */
  readonly score: number;
  readonly precision: number;
  readonly recall: number;
  /** Harmonic mean of both. */
  readonly f1: number;
  /** False positives per image. */
  readonly fppi: number;
  readonly truePositives: number;
  readonly falsePositives: number;
}

/** The point at index `at` of the curve. */
export function pointAt(curve: OperatingCurve, at: number): OperatingPoint {
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
export function pointAtScore(curve: OperatingCurve, score: number): OperatingPoint | undefined {
  let at = -1;
  while (at + 1 < curve.scores.length && curve.scores[at + 1] >= score) at++;
  return at < 0 ? undefined : { ...pointAt(curve, at), score };
}

/** The point of the highest F1, of equal ones that of the highest score; undefined where no detection counts. */
export function bestF1(curve: OperatingCurve): OperatingPoint | undefined {
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
