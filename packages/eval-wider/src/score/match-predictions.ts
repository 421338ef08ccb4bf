import { stableDescending } from '@retinabench/results';
import type { WiderGroundTruth } from '../ground-truth/ground-truth.js';
import { type AlignedDetections, alignDetections } from '../predictions/align.js';
import type { WiderPredictions } from '../predictions/predictions.js';
import { type Matches, matchDetections } from './match.js';
import type { ScoringProtocol } from './protocol.js';

/** Detections in the order of the ground truth and the face that each goes to; scores play no part but in the order. */
export interface MatchedPredictions {
  readonly detections: AlignedDetections;
  readonly matches: Matches;
  /** Int32Array [detections]: the detections of all images by descending score, as `stableDescending` has it; sorted once. */
  readonly ranking?: () => Int32Array;
}

/**
 * Match predictions under a protocol, for their diagnosis and their score.
 *
 * Cost: one IoU per pair of detection and face of an image.
 */
export function matchPredictions(
  groundTruth: WiderGroundTruth,
  predictions: WiderPredictions,
  protocol: ScoringProtocol,
): MatchedPredictions {
  const detections = alignDetections(groundTruth, predictions, protocol.order);
  let ranking: Int32Array | undefined;
  return {
    detections,
    matches: matchDetections(groundTruth, detections, protocol.overlap),
    ranking: () => {
      ranking ??= stableDescending(detections.scores);
      return ranking;
    },
  };
}
