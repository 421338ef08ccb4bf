import { type ApInfluence, apInfluence, type Split } from '@retinabench/results';
import type { WiderGroundTruth } from '../ground-truth/ground-truth.js';
import type { WiderPredictions } from '../predictions/predictions.js';
import { imageCurves } from './image-curves.js';
import { matchRun } from './match-run.js';
import type { ScoringProtocol } from './protocol.js';

/** AP of one split with what its interval takes. */
export interface WiderInfluence {
  readonly influence: ApInfluence;
  /** Int32Array [images] in the order of the ground truth: counted faces. */
  readonly facesOf: Int32Array;
}

/**
 * AP of one split (`ap` of the influence), and the influence of each image on it.
 *
 * @returns undefined if the split counts no face.
 * @throws {ProtocolError} if all scores are equal or there is no detection.
 * Cost: that of scoreWider.
 */
export function scoreInfluence(
  groundTruth: WiderGroundTruth,
  predictions: WiderPredictions,
  protocol: ScoringProtocol,
  split: Split,
): WiderInfluence | undefined {
  const curves = imageCurves(matchRun(groundTruth, predictions, protocol), groundTruth.counted[split]);
  const influence = apInfluence(curves);
  return influence === undefined ? undefined : { influence, facesOf: curves.faces };
}
