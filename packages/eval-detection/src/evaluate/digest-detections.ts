import type { Annotations } from '@retinabench/annotations';
import { evaluateCoco } from '../coco/evaluate-coco.js';
import { evaluatedFaces } from '../faces/evaluated-faces.js';
import type { FaceSettings } from '../faces/treatment.js';
import { ImageDigests } from '../match/image-digests.js';
import { cocoAreas, matchFaces, outsideOf } from '../match/match-faces.js';
import { type DetectedBoxes, prepareMatching } from '../match/prepare-matching.js';

/** Settings of an evaluation that its digests depend on. */
export interface DigestSettings {
  readonly faces: FaceSettings;
  readonly iou: number;
  /** Whether COCO's numbers are among the metrics: their ten matchings count, too. */
  readonly coco: boolean;
}

/**
 * What `evaluateDetection` keeps as the digest of each image, without its numbers: whether detections are those of a record.
 *
 * @param detected of the images of the annotations, in their order.
 * @returns eight hex digits for each image, in the order of the annotations.
 * @throws {ShapeError} if a score is not a number.
 * Cost: O(pairs of near boxes + 40 x detections).
 */
export function digestDetections(
  annotations: Annotations,
  detected: DetectedBoxes,
  settings: DigestSettings,
): string[] {
  const faces = evaluatedFaces(annotations, settings.faces);
  const input = prepareMatching(faces, detected, settings.faces.minSizePx, Math.min(0.5, settings.iou));
  const digests = new ImageDigests(annotations.images.length);
  // The outcomes that are taken in are those without a limit of detections: any limit gives the same.
  if (settings.coco) evaluateCoco(input, { maxDets: [100], influence: false, digests });
  const { outcomes } = matchFaces(input, faces.counted, outsideOf(input, cocoAreas[0]), settings.iou);
  digests.add(input.ranked.image, input.ranked.scores, outcomes);
  return digests.result();
}
