import { type ApInfluence, type DetectionPoint, detectionOutcome } from '@retinabench/results';
import type { OperatingCurve } from '../thresholds/operating-curve.js';
import { type LogAverageMissRate, lastPointWithin, missRateFppi } from './log-average-miss-rate.js';

/** Matched detections, best first, with the image of each. */
export interface MatchedRun {
  readonly outcomes: Uint8Array;
  readonly scores: Float64Array;
  readonly image: Int32Array;
  /** Int32Array [images]: counted faces. */
  readonly faces: Int32Array;
}

/**
 * Influence of each image on the highest F1: its derivative by the image's weight at the score of that F1, where F1 does
 * not change with the score to first order.
 *
 * Cost: O(detections + images).
 */
export function f1Influence(
  run: MatchedRun,
  { score, f1, truePositives, falsePositives }: DetectionPoint,
): ApInfluence {
  const faces = run.faces.reduce((sum, of) => sum + of, 0);
  const all = truePositives + falsePositives + faces;
  const found = new Float64Array(run.faces.length);
  for (let rank = 0; rank < run.outcomes.length && run.scores[rank] >= score; rank++) {
    const outcome = run.outcomes[rank];
    if (outcome === detectionOutcome.ignored) continue;
    found[run.image[rank]] += ((outcome === detectionOutcome.truePositive ? 2 : 0) - f1) / all;
  }
  const influence = found.map((own, image) => own - (f1 * run.faces[image]) / all);
  const missing = influence.map((own, image) => (2 * (1 - f1) * run.faces[image]) / all - own);
  return { ap: f1, faces, influence, found, missing };
}

/** Share of the false positives over which the slope of the curve is taken, and the fewest. */
const slopeWidth = 0.3;
const slopeLeast = 1;

/**
 * Influence of each image on 1 less the log-average miss rate. An image moves each of the nine miss rates by the faces that it
 * finds and by its false positives, which shift the score at which the others are found: by the slope of the curve there.
 *
 * Cost: O(9 x detections + images).
 */
export function missRateInfluence(
  run: MatchedRun,
  curve: OperatingCurve,
  { value, missRates }: LogAverageMissRate,
): ApInfluence {
  const { faces, images } = curve;
  const found = new Float64Array(images);
  let perMissedFace = 0;
  for (const [index, fppi] of missRateFppi.entries()) {
    const missRate = missRates[index];
    // A miss rate of 0 is taken as the least one, whatever an image does.
    if (missRate <= 0) continue;
    const at = lastPointWithin(curve, fppi);
    const truePositives = at < 0 ? 0 : curve.truePositives[at];
    const falsePositives = at < 0 ? 0 : curve.falsePositives[at];
    const slope = slopeAt(curve, falsePositives);
    const weight = value / (missRateFppi.length * missRate * faces);
    for (let rank = 0; at >= 0 && rank < run.outcomes.length && run.scores[rank] >= curve.scores[at]; rank++) {
      const outcome = run.outcomes[rank];
      if (outcome === detectionOutcome.truePositive) found[run.image[rank]] += weight;
      else if (outcome === detectionOutcome.falsePositive) found[run.image[rank]] -= weight * slope;
    }
    for (let image = 0; image < images; image++) found[image] += (weight * slope * falsePositives) / images;
    perMissedFace -= (weight * truePositives) / faces;
  }
  const perPerfectFace = value / faces;
  const influence = found.map((own, image) => own + perMissedFace * run.faces[image]);
  return {
    ap: 1 - value,
    faces,
    influence,
    found,
    missing: influence.map((own, image) => perPerfectFace * run.faces[image] - own),
  };
}

/** True positives per false positive around a number of false positives. */
function slopeAt({ truePositives, falsePositives }: OperatingCurve, at: number): number {
  const width = Math.max(slopeLeast, slopeWidth * at);
  const low = Math.max(0, at - width);
  const high = at + width;
  const hitsAt = (most: number): number => {
    let hits = 0;
    for (let point = 0; point < falsePositives.length && falsePositives[point] <= most; point++)
      hits = truePositives[point];
    return hits;
  };
  return (hitsAt(high) - hitsAt(low)) / (high - low);
}
