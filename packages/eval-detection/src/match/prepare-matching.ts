import type { CandidatePairs, DetectionRanges, RankedDetections } from '@retinabench/results';
import { candidatePairs, cocoIouThresholds, rankDetections } from '@retinabench/results';
import { areaOf, type EvaluatedFaces } from '../faces/evaluated-faces.js';

/** Detections of the images of a set, anywhere in flat arrays. */
export interface DetectedBoxes {
  readonly ranges: DetectionRanges;
  /** Float64Array [*, 4]: (x, y, w, h), pixels, no `+ 1`. */
  readonly boxesXywh: Float64Array;
  /** Float64Array [*]. */
  readonly scores: Float64Array;
}

/** Faces and detections with all that matching takes: computed once for every metric. */
export interface MatchingInput {
  readonly faces: EvaluatedFaces;
  readonly boxesXywh: Float64Array;
  readonly ranked: RankedDetections;
  /** Float64Array [detections] by rank: width x height, 0 where a side is negative. */
  readonly areasPx: Float64Array;
  /** Pairs from the lowest threshold on. */
  readonly pairs: CandidatePairs;
  /** Uint8Array [detections] by rank, 1 where a detection that finds no face is ignored, for its shorter side is below the smallest face. */
  readonly tooSmall?: Uint8Array;
}

/**
 * Rank the detections and find the pairs of all matchings.
 *
 * @param minimum lowest threshold of any matching; default: COCO's 0.5.
 * @throws {ShapeError} as rankDetections.
 */
export function prepareMatching(
  faces: EvaluatedFaces,
  { ranges, boxesXywh, scores }: DetectedBoxes,
  minSizePx = 0,
  minimum: number = cocoIouThresholds[0],
): MatchingInput {
  const ranked = rankDetections(scores, ranges);
  const pairs = candidatePairs(faces, boxesXywh, ranked, minimum);
  const areasPx = new Float64Array(ranked.detection.length);
  for (let rank = 0; rank < areasPx.length; rank++) areasPx[rank] = areaOf(boxesXywh, 4 * ranked.detection[rank]);
  if (minSizePx === 0) return { faces, boxesXywh, ranked, areasPx, pairs };
  const tooSmall = Uint8Array.from(ranked.detection, (detection) =>
    Math.min(boxesXywh[4 * detection + 2], boxesXywh[4 * detection + 3]) < minSizePx ? 1 : 0,
  );
  return { faces, boxesXywh, ranked, areasPx, pairs, tooSmall };
}
