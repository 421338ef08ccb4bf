import type { Annotations } from '@retinabench/annotations';
import type { RunIdentity } from '@retinabench/backends/runs';
import type { WiderPredictions } from '@retinabench/eval-wider';
import type { ProtocolSettings } from '@retinabench/results';
import type { AppliedScoreMap } from './applied-score-map.js';

/** What a map does to AP by the WIDER FACE rules. */
const levelsWarning =
  'score-map-levels: the WIDER FACE rules read the curve at 1,000 levels of the score, so that a map moves AP though it keeps the order of the detections; AP as COCO defines it stays';

/** Predictions of annotated images whose scores a map may change. */
interface Scored<Predictions extends WiderPredictions> {
  readonly annotations: Annotations;
  readonly predictions: Predictions;
  /** Of the run that made them, where it is known. */
  readonly identity?: RunIdentity;
  /** Whether AP by the WIDER FACE rules is computed of them. */
  readonly wider: boolean;
}

/** Predictions with mapped scores, and what a record says of that. */
export interface MappedPredictions<Predictions extends WiderPredictions> {
  readonly predictions: Predictions;
  readonly settings: ProtocolSettings;
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Put the scores of predictions through a map.
 *
 * @param scoreMap absent: they stay as they are, and nothing is said.
 * @throws {ProtocolError} if the map is of another model, or a score lies outside 0..1.
 */
export function mapScored<Predictions extends WiderPredictions>(
  scoreMap: AppliedScoreMap | undefined,
  { annotations, predictions, identity, wider }: Scored<Predictions>,
): MappedPredictions<Predictions> {
  if (scoreMap === undefined) return { predictions, settings: {}, notes: [], warnings: [] };
  const ofModel = scoreMap.modelWarnings(identity?.model);
  const mapped = scoreMap.apply(predictions.scores);
  return {
    predictions: { ...predictions, scores: mapped.scores },
    settings: scoreMap.settings,
    notes: [scoreMap.note],
    warnings: [
      ...ofModel,
      ...(identity === undefined ? [] : scoreMap.detectorWarnings(identity)),
      ...scoreMap.imageWarnings(annotations),
      ...mapped.warnings,
      ...(wider ? [levelsWarning] : []),
    ],
  };
}
