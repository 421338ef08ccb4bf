import { apOfCurve, type Split, splits } from '@retinabench/results';
import type { WiderGroundTruth } from '../ground-truth/ground-truth.js';
import type { WiderPredictions } from '../predictions/predictions.js';
import { matchRun } from './match-run.js';
import type { ScoringProtocol } from './protocol.js';
import { runCurves } from './run-curves.js';

/**
 * AP of the three splits and nothing else.
 *
 * @returns the splits that count a face.
 * @throws {ProtocolError} if all scores are equal or there is no detection.
 * Cost: one IoU per pair of detection and face of an image; 0.2 s for full WIDER FACE validation.
 */
export function scoreWider(
  groundTruth: WiderGroundTruth,
  predictions: WiderPredictions,
  protocol: ScoringProtocol,
): Partial<Record<Split, number>> {
  const run = matchRun(groundTruth, predictions, protocol);
  const curveOf = runCurves(run);
  const result: Partial<Record<Split, number>> = {};
  for (const split of splits) {
    const ap = apOfCurve(curveOf(groundTruth.counted[split], 1)[0]);
    if (ap !== undefined) result[split] = ap;
  }
  return result;
}
