import type { Annotations } from '@retinabench/annotations';
import { DatasetError } from '@retinabench/core';
import {
  type DetectedBoxes,
  diagnoseAnnotations,
  diagnoseUnannotated,
  type FaceSettings,
} from '@retinabench/eval-detection';
import type { ScoringProtocol, WiderGroundTruth, WiderPredictions } from '@retinabench/eval-wider';
import { formatCount } from '@retinabench/results';
import { reportDiagnoses } from '../wider/report-diagnoses.js';
import { diagnoseAnnotated } from './diagnose-annotated.js';

/** Predictions of annotated images, before anything is computed of them. */
export interface AnnotatedPredictions {
  readonly annotations: Annotations;
  /** Under the names of the annotated images. */
  readonly predictions: WiderPredictions;
  /** Whether the predictions were read, or a detector ran just now. */
  readonly origin: 'files' | 'detector';
  /** What they are called in messages: the file, or the model. */
  readonly name: string;
  /** What the annotations are called in messages. */
  readonly annotated: string;
  /** Continue despite errors of the diagnosis. */
  readonly force: boolean;
  /** What was noted already of the same annotations. */
  readonly noted?: Set<string>;
}

/** Predictions that can be evaluated. */
export interface CheckedPredictions {
  /** Of the images of the annotations, in their order. */
  readonly detected: DetectedBoxes;
  /** The faces that count, for the WIDER FACE rules. */
  readonly groundTruth: WiderGroundTruth;
  readonly protocol: ScoringProtocol;
  readonly warnings: readonly string[];
}

/**
 * Diagnose annotations and predictions.
 *
 * @throws {DatasetError} if no face counts, there is no detection, or the diagnosis finds an error and `force` is not given; what
 * was found is printed first.
 */
export function checkAnnotated(evaluated: AnnotatedPredictions, faceSettings: FaceSettings): CheckedPredictions {
  const { annotations, predictions, origin, name, annotated, force, noted } = evaluated;
  if (annotations.images.length === 0)
    throw new DatasetError(`${annotated}: expected annotated images, got none to evaluate`);
  if (predictions.scores.length === 0 && !force) {
    throw new DatasetError(`${name}: expected detections, got none in any image; --force evaluates them anyway`);
  }
  // Predictions are held against the annotations: what is wrong with these is said first.
  const doubts = reportDiagnoses(diagnoseAnnotations(annotations), annotated, force, 'annotations', noted);
  const { groundTruth, protocol, faces, diagnoses } = diagnoseAnnotated(annotations, predictions, faceSettings, origin);
  if (faces.numbers.counted === 0) {
    throw new DatasetError(
      `${annotated}: expected annotated faces that count, got none of ${formatCount(annotations.boxesXywh.length / 4)}; --ignored count, --crowd count and --difficult count make those count that are flagged`,
    );
  }
  const warnings = reportDiagnoses(diagnoses, name, force);
  const places = new Map(predictions.images.map((image, index) => [image, index]));
  const place = annotations.images.map((image) => places.get(image));
  const ranges = {
    first: Int32Array.from(place, (index) => (index === undefined ? 0 : predictions.start[index])),
    end: Int32Array.from(place, (index) => (index === undefined ? 0 : predictions.start[index + 1])),
  };
  const { boxesXywh, scores } = predictions;
  const detected = { ranges, boxesXywh, scores };
  const unannotated = diagnoseUnannotated(annotations, detected, faceSettings);
  const blank = reportDiagnoses(unannotated, annotated, force, 'annotations', noted);
  return { detected, groundTruth, protocol, warnings: [...doubts, ...warnings, ...blank] };
}
