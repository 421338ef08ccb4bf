import type { ApInfluence, DetectionPoint } from '@retinabench/results';
import { facesPerImage } from '../match/faces-per-image.js';
import type { ImageDigests } from '../match/image-digests.js';
import { cocoAreas, type FaceMatches, matchFaces, outsideOf } from '../match/match-faces.js';
import type { MatchingInput } from '../match/prepare-matching.js';
import { logAverageMissRate } from '../operating/log-average-miss-rate.js';
import { f1Influence, missRateInfluence } from '../operating/operating-influence.js';
import { bestF1, pointAt, pointAtScore, rankedOperatingCurve } from '../operating/ranked-operating-curve.js';
import { type TieBounds, tieBounds } from '../operating/tie-bounds.js';
import type { OperatingCurve } from '../thresholds/operating-curve.js';
import type { DetectionSettings } from './detection-settings.js';

/** What the detections do at each score, at one IoU. */
export interface OperatingEvaluation {
  readonly values: Readonly<Record<string, number>>;
  readonly influence: Readonly<Record<string, ApInfluence>>;
  readonly points: Readonly<Record<string, DetectionPoint>>;
  readonly curves: Readonly<
    Record<string, { readonly precision: readonly number[]; readonly recall: readonly number[] }>
  >;
  readonly missRateCurve?: { readonly fppi: readonly number[]; readonly missRate: readonly number[] };
  /** What detections of equal score can do to AP at this IoU; absent where no face counts. */
  readonly ties?: TieBounds;
  /** The matching, and which detections are ignored where they find no face. */
  readonly matched: FaceMatches & { readonly outside: Uint8Array; readonly facesOf: Int32Array };
}

/** Points of a curve that a record keeps. */
const keptPoints = 1000;

/** F1 and miss rate with their curves, at the settings' IoU, by COCO's matching without a limit of detections. */
export function evaluateOperating(
  input: MatchingInput,
  { iou, metrics, atScore }: DetectionSettings,
  digests: ImageDigests,
): OperatingEvaluation {
  const { faces: evaluated, ranked } = input;
  const outside = outsideOf(input, cocoAreas[0]);
  const matches = matchFaces(input, evaluated.counted, outside, iou);
  digests.add(ranked.image, ranked.scores, matches.outcomes);
  const facesOf = facesPerImage(evaluated.start, evaluated.counted);
  const matched = { ...matches, outside, facesOf };
  const faces = facesOf.reduce((sum, of) => sum + of, 0);
  if (faces === 0) return { values: {}, influence: {}, points: {}, curves: {}, matched };
  const curve = rankedOperatingCurve(matches.outcomes, ranked.scores, faces, facesOf.length);
  const run = { outcomes: matches.outcomes, scores: ranked.scores, image: ranked.image, faces: facesOf };
  const values: Record<string, number> = {};
  const influence: Record<string, ApInfluence> = {};
  const points: Record<string, DetectionPoint> = {};
  if (metrics.includes('f1')) {
    const best = bestF1(curve);
    values.f1 = best?.f1 ?? 0;
    if (best !== undefined) {
      points.bestF1 = best;
      influence.f1 = f1Influence(run, best);
    }
    const at = pointAtScore(curve, atScore);
    if (at !== undefined) points.atScore = at;
  }
  if (metrics.includes('fppi')) {
    const missRate = logAverageMissRate(curve);
    values.missRate = missRate.value;
    influence.missRate = missRateInfluence(run, curve, missRate);
  }
  const kept = keptPointsOf(curve);
  return {
    values,
    influence,
    points,
    curves: {
      [`iou${iou}`]: { precision: kept.map(({ precision }) => precision), recall: kept.map(({ recall }) => recall) },
    },
    ...(metrics.includes('fppi')
      ? { missRateCurve: { fppi: kept.map(({ fppi }) => fppi), missRate: kept.map(({ recall }) => 1 - recall) } }
      : {}),
    ties: tieBounds(matches.outcomes, ranked.scores, faces),
    matched,
  };
}

/** Points of the curve evenly over its ranks, the first and the last among them. */
function keptPointsOf(curve: OperatingCurve): DetectionPoint[] {
  const last = curve.scores.length - 1;
  if (last < 0) return [];
  const count = Math.min(keptPoints, last + 1);
  return Array.from({ length: count }, (_, at) =>
    pointAt(curve, count === 1 ? 0 : Math.round((at * last) / (count - 1))),
  );
}
