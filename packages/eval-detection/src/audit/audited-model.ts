import { type CandidatePairs, candidatePairs, type RankedDetections, rankDetections } from '@retinabench/results';
import { fitIsotonic, isotonicMap } from '../calibration/isotonic.js';
import { judgeErrors } from '../calibration/judge-errors.js';
import { countedScores } from '../calibration/reliability.js';
import type { EvaluatedFaces } from '../faces/evaluated-faces.js';
import type { DetectedBoxes } from '../match/prepare-matching.js';
import { classifyErrors } from '../tide/classify.js';
import type { AuditSettings } from './suspicion.js';

/** Detections of one model, ready to be held against the annotations. */
export interface AuditedModel {
  readonly boxesXywh: Float64Array;
  readonly ranked: RankedDetections;
  /** With the annotated faces, from the background threshold on. */
  readonly pairs: CandidatePairs;
  /** Float64Array [ranks]: share of the model's detections of such a score that find a face. */
  readonly sureness: Float64Array;
}

/** Rank and match the detections of a model, and say how sure it is of each. */
export function auditModel(
  faces: EvaluatedFaces,
  { ranges, boxesXywh, scores }: DetectedBoxes,
  { background, foreground }: AuditSettings,
): AuditedModel {
  const ranked = rankDetections(scores, ranges);
  const errors = classifyErrors({ faces, boxesXywh, ranked }, { rule: 'clean', foreground, background });
  const counted = countedScores(judgeErrors(errors, ranked, faces.start));
  // Scores of models are in units of their own; the share that is right is in one for all.
  const shareOf = counted.scores.length === 0 ? () => 0 : isotonicMap(fitIsotonic(counted.scores, counted.correct));
  return {
    boxesXywh,
    ranked,
    pairs: candidatePairs(faces, boxesXywh, ranked, background),
    sureness: ranked.scores.map(shareOf),
  };
}
