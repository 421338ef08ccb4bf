import { printNote } from '../terminal/output.js';
import type { AppliedScoreMap, ScoredModel, ScoringDetector } from './applied-score-map.js';

/**
 * Put the scores of detected images through a map.
 *
 * @param detected of each image x, y, w, h and score in turn.
 * @throws {ProtocolError} if a score lies outside 0..1.
 */
export function mapDetected<Image extends { readonly detections: readonly number[] }>(
  scoreMap: AppliedScoreMap | undefined,
  detected: readonly Image[],
): readonly Image[] {
  if (scoreMap === undefined) return detected;
  return detected.map((image) => ({
    ...image,
    detections: image.detections.map((value, at) => (at % 5 === 4 ? scoreMap.mapScore(value) : value)),
  }));
}

/**
 * Hold a map against a detector, and say once what it does.
 *
 * @throws {ProtocolError} if it was fitted for another model, and the flags do not force it.
 */
export function announceScoreMap(
  scoreMap: AppliedScoreMap | undefined,
  detector: ScoringDetector & { readonly model: ScoredModel },
): void {
  if (scoreMap === undefined) return;
  const warnings = [...scoreMap.modelWarnings(detector.model), ...scoreMap.detectorWarnings(detector)];
  printNote(`${scoreMap.note}; --min-score and what is written are in mapped scores`);
  for (const warning of warnings) printNote(`warning: ${warning}`);
}
