import type { Annotations } from '@retinabench/annotations';
import { ProtocolError } from '@retinabench/core';
import { type CandidatePairs, candidatePairs, type RankedDetections, rankDetections } from '@retinabench/results';
import { fitIsotonic, isotonicMap } from '../calibration/isotonic.js';
import { judgeErrors } from '../calibration/judge-errors.js';
import { countedScores } from '../calibration/reliability.js';
import type { EvaluatedFaces } from '../faces/evaluated-faces.js';
import type { DetectedBoxes } from '../match/prepare-matching.js';
import { classifyErrors } from '../tide/classify.js';
import { neverFound } from './never-found.js';
import { repeatedBoxes } from './repeated-boxes.js';
import type { AuditSettings, Suspicion } from './suspicion.js';
import { unannotatedFaces } from './unannotated-faces.js';

/** Detections of one model, ready to be held against the annotations. */
export interface AuditedModel {
  readonly boxesXywh: Float64Array;
  readonly ranked: RankedDetections;
  /** With the annotated faces, from the background threshold on. */
  readonly pairs: CandidatePairs;
  /** Float64Array [ranks]: share of the model's detections of such a score that find a face. */
  readonly sureness: Float64Array;
}

/** Suspect annotations by kind, the most suspect first. */
export type LabelAudit = Readonly<Record<'unannotated' | 'neverFound' | 'repeated', readonly Suspicion[]>>;

/**
 * Find annotations that several detectors contradict: faces that they are sure of and that are not annotated, annotated
 * faces that none finds, faces that are annotated twice. What it finds is for a person to look at.
 *
 * @param faces    of the annotations, `source` naming each.
 * @param detected of each model, over the images of the annotations.
 * @throws {ProtocolError} if there is no model, fewer than are asked for, or a threshold is out of order.
 * Cost: that of candidatePairs for each model.
 */
export function auditLabels(
  { images }: Pick<Annotations, 'images'>,
  faces: EvaluatedFaces,
  detected: readonly DetectedBoxes[],
  settings: AuditSettings,
): LabelAudit {
  const { models, sure, background, foreground, repeated } = settings;
  if (!(models >= 1 && models <= detected.length)) {
    throw new ProtocolError(
      `audit: expected predictions of at least ${Math.max(models, 1)} models, got ${detected.length}; give more with --pred, or ask for fewer with --models`,
    );
  }
  if (
    !(sure > 0 && sure <= 1 && background > 0 && background < foreground && foreground <= repeated && repeated <= 1)
  ) {
    throw new ProtocolError(
      `audit: expected 0 < background < foreground <= repeated <= 1 and sure above 0 and at most 1, got ${background}, ${foreground}, ${repeated} and ${sure}`,
    );
  }
  const audited = detected.map((boxes) => auditModel(faces, boxes, settings));
  return {
    unannotated: unannotatedFaces(images.length, faces, audited, settings),
    neverFound: neverFound(faces, audited, settings),
    repeated: repeatedBoxes(faces, settings),
  };
}

function auditModel(
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
