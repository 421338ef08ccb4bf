import type { WiderGroundTruth } from '../ground-truth/ground-truth.js';
import type { AlignedDetections } from '../predictions/align.js';
import type { WiderPredictions } from '../predictions/predictions.js';
import type { Matches } from './match.js';
import { type MatchedPredictions, matchPredictions } from './match-predictions.js';
import { type ScoreRange, scoreRange, thresholdIndices } from './normalise.js';
import type { ScoringProtocol } from './protocol.js';

/** A run matched once, from which every curve follows. */
export interface MatchedRun {
  readonly groundTruth: WiderGroundTruth;
  readonly detections: AlignedDetections;
  readonly matches: Matches;
  /** Uint16Array [detections]: threshold 1..1000 from which on the detection is in; never falls within an image. */
  readonly threshold: Uint16Array;
  readonly range: ScoreRange;
}

/**
 * Match a run under a protocol.
 *
 * @param range of the whole run, where `predictions` are a part of it; default: their own.
 * @param matched these predictions under this protocol, where they are matched already.
 * @throws {ProtocolError} if all scores are equal or there is none.
 * Cost: one IoU per pair of detection and face of an image.
 */
export function matchRun(
  groundTruth: WiderGroundTruth,
  predictions: WiderPredictions,
  protocol: ScoringProtocol,
  range?: ScoreRange,
  matched: MatchedPredictions = matchPredictions(groundTruth, predictions, protocol),
): MatchedRun {
  const { detections, matches } = matched;
  const ends = range ?? scoreRange(detections.scores, protocol.normalisation);
  const threshold = thresholdIndices(detections.scores, ends, protocol.normalisation);
  includeEarlierDetections(threshold, detections.start);
  return { groundTruth, detections, matches, threshold, range: ends };
}

/**
 * At a threshold the evaluators take the last detection whose score reaches it, and with it all that stand before it in
 * the file. So a detection is in as soon as any after it is: the suffix minimum. Where files are sorted nothing changes.
 */
function includeEarlierDetections(threshold: Uint16Array, start: Int32Array): void {
  for (let image = 0; image + 1 < start.length; image++) {
    for (let detection = start[image + 1] - 2; detection >= start[image]; detection--) {
      threshold[detection] = Math.min(threshold[detection], threshold[detection + 1]);
    }
  }
}
