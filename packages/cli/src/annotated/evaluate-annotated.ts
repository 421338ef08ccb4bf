import { createHash } from 'node:crypto';
import type { Annotations } from '@retinabench/annotations';
import { DatasetError } from '@retinabench/core';
import {
  analyseErrors,
  annotationsDigest,
  type BreakdownBy,
  type DetectionEvaluation,
  type DetectionSettings,
  diagnoseAnnotations,
  diagnoseUnannotated,
  type ErrorAnalysis,
  type ErrorAnalysisOptions,
  evaluateDetection,
} from '@retinabench/eval-detection';
import { scoreWider, type WiderPredictions, warnOfFewImages } from '@retinabench/eval-wider';
import { formatCount, formatShare } from '@retinabench/results';
import { reportDiagnoses } from '../wider/report-diagnoses.js';
import { diagnoseAnnotated } from './diagnose-annotated.js';

/** What is evaluated and how. */
export interface AnnotatedEvaluation {
  readonly annotations: Annotations;
  /** Under the names of the annotated images. */
  readonly predictions: WiderPredictions;
  /** Whether the predictions were read, or a detector ran just now. */
  readonly origin: 'files' | 'detector';
  /** What they are called in messages: the file, or the model. */
  readonly name: string;
  /** What the annotations are called in messages. */
  readonly annotated: string;
  readonly settings: DetectionSettings;
  /** Whether AP by the WIDER FACE rules is computed, too. */
  readonly wider: boolean;
  readonly interval: boolean;
  readonly by?: readonly BreakdownBy[];
  /** Continue despite errors of the diagnosis. */
  readonly force: boolean;
  /** What of the errors is analysed. */
  readonly analysis: ErrorAnalysisOptions;
}

/** Numbers with what is doubtful about them. */
export interface EvaluatedAnnotations extends DetectionEvaluation {
  readonly analysis: ErrorAnalysis;
  readonly warnings: readonly string[];
  /** SHA-256 of the annotations. */
  readonly sha256: string;
}

/**
 * Diagnose predictions and evaluate them.
 *
 * @throws {DatasetError} if no face counts, there is no detection, or the diagnosis finds an error and `force` is not given; what
 * was found is printed first.
 */
export function evaluateAnnotated(evaluation: AnnotatedEvaluation): EvaluatedAnnotations {
  const { annotations, predictions, settings, origin, name, annotated, force } = evaluation;
  if (annotations.images.length === 0)
    throw new DatasetError(`${annotated}: expected annotated images, got none to evaluate`);
  if (predictions.scores.length === 0 && !force) {
    throw new DatasetError(`${name}: expected detections, got none in any image; --force evaluates them anyway`);
  }
  // Predictions are held against the annotations: what is wrong with these is said first.
  const doubts = reportDiagnoses(diagnoseAnnotations(annotations), annotated, force, 'annotations');
  const { groundTruth, protocol, faces, diagnoses } = diagnoseAnnotated(
    annotations,
    predictions,
    settings.faces,
    origin,
  );
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
  const unannotated = diagnoseUnannotated(annotations, { ranges, boxesXywh, scores }, settings.faces);
  const blank = reportDiagnoses(unannotated, annotated, force, 'annotations');
  const result = evaluateDetection(annotations, { ranges, boxesXywh, scores }, settings, {
    interval: evaluation.interval,
    ...(evaluation.by === undefined ? {} : { by: evaluation.by }),
  });
  const few = evaluation.interval ? warnOfFewImages(annotations.images.length) : undefined;
  const wider = evaluation.wider ? scoreWider(groundTruth, predictions, protocol).hard : undefined;
  return {
    ...result,
    analysis: analyseErrors(annotations, { ranges, boxesXywh, scores }, settings.faces, evaluation.analysis),
    ...(wider === undefined
      ? {}
      : {
          protocol: { ...result.protocol, 'wider.rules': 'python', 'wider.order': 'any', 'wider.faces': 'one split' },
          detection: { ...result.detection, values: { ...result.detection.values, 'wider.ap': wider } },
        }),
    warnings: [
      ...doubts,
      ...warnings,
      ...blank,
      ...scoreWarnings(scores),
      ...tieWarnings(result.ties, settings.iou),
      ...(few === undefined ? [] : [few]),
    ],
    sha256: annotationsDigest(annotations, (bytes) => createHash('sha256').update(bytes).digest('hex')),
  };
}

function scoreWarnings(scores: Float64Array): string[] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const score of scores) {
    if (score < low) low = score;
    if (score > high) high = score;
  }
  return low < 0 || high > 1
    ? [
        `scores-outside-0-1: scores from ${low} to ${high}: AP depends on their order alone, but thresholds are in their unit`,
      ]
    : [];
}

/** Smallest share of AP by which ties are said. */
const saidOfTies = 0.002;

function tieWarnings(ties: DetectionEvaluation['ties'], iou: number): string[] {
  if (ties === undefined || ties.high - ties.low < saidOfTies) return [];
  return [
    `scores-tied: ${formatShare(ties.tied)} of the detections share their score with another: AP at IoU ${iou} is ${ties.low.toFixed(4)} to ${ties.high.toFixed(4)} by their order alone; write scores with more digits`,
  ];
}
