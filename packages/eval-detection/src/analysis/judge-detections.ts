import type { Annotations } from '@retinabench/annotations';
import { rankDetections } from '@retinabench/results';
import { judgeErrors } from '../calibration/judge-errors.js';
import type { JudgedDetections } from '../calibration/judged-detections.js';
import { evaluatedFaces } from '../faces/evaluated-faces.js';
import type { FaceSettings } from '../faces/treatment.js';
import type { DetectedBoxes } from '../match/prepare-matching.js';
import { type ClassifiedErrors, classifyErrors, type TideInput } from '../tide/classify.js';
import type { TideSettings } from '../tide/tide-settings.js';

/** Detections with their types of error, and what they were told from. */
export interface ClassifiedDetections {
  readonly input: TideInput;
  readonly errors: ClassifiedErrors;
  /** Int32Array [faces]: the index of each evaluated face among the annotated ones. */
  readonly source: Int32Array;
}

/**
 * Match detections as COCO does and tell their errors apart.
 *
 * @param detected of the images of the annotations, in their order.
 * @throws {ProtocolError}, {ShapeError} as classifyErrors.
 */
export function classifyDetections(
  annotations: Annotations,
  { ranges, boxesXywh, scores }: DetectedBoxes,
  settings: FaceSettings,
  tide: TideSettings,
): ClassifiedDetections {
  const faces = evaluatedFaces(annotations, settings);
  const ranked = rankDetections(scores, ranges, tide.maxDetections);
  const minSizePx = settings.minSizePx;
  const isTooSmall = (at: number): boolean => Math.min(boxesXywh[4 * at + 2], boxesXywh[4 * at + 3]) < minSizePx;
  const outside = minSizePx > 0 ? Uint8Array.from(ranked.detection, (at) => (isTooSmall(at) ? 1 : 0)) : undefined;
  const input: TideInput = { faces, boxesXywh, ranked, ...(outside === undefined ? {} : { outside }) };
  return { input, errors: classifyErrors(input, tide), source: faces.source };
}

/** What that matching makes of each detection. */
export function judgeDetections({ errors, input }: ClassifiedDetections): JudgedDetections {
  return judgeErrors(errors, input.ranked, input.faces.start);
}
