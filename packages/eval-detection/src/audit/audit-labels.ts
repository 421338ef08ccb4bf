import type { Annotations } from '@retinabench/annotations';
import { ProtocolError } from '@retinabench/core';
import type { EvaluatedFaces } from '../faces/evaluated-faces.js';
import type { DetectedBoxes } from '../match/prepare-matching.js';
import { auditModel } from './audited-model.js';
import { neverFound } from './never-found.js';
import { repeatedBoxes } from './repeated-boxes.js';
import type { AuditSettings, Suspicion } from './suspicion.js';
import { unannotatedFaces } from './unannotated-faces.js';

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
