import { createHash } from 'node:crypto';
import {
  analyseErrors,
  annotationsDigest,
  type BreakdownBy,
  type DetectionEvaluation,
  type DetectionSettings,
  type ErrorAnalysis,
  type ErrorAnalysisOptions,
  evaluateDetection,
} from '@retinabench/eval-detection';
import { warnOfFewImages } from '@retinabench/eval-wider';
import { formatShare } from '@retinabench/results';
import { addWider } from './add-wider.js';
import { type AnnotatedPredictions, checkAnnotated } from './check-annotated.js';

/** What is evaluated and how. */
export interface AnnotatedEvaluation extends AnnotatedPredictions {
  readonly settings: DetectionSettings;
  /** Whether AP by the WIDER FACE rules is computed, too. */
  readonly wider: boolean;
  readonly interval: boolean;
  readonly by?: readonly BreakdownBy[];
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
 * @throws {DatasetError} as checkAnnotated.
 */
export function evaluateAnnotated(evaluation: AnnotatedEvaluation): EvaluatedAnnotations {
  const { annotations, predictions, settings } = evaluation;
  const { detected, groundTruth, protocol, warnings } = checkAnnotated(evaluation, settings.faces);
  const evaluated = evaluateDetection(annotations, detected, settings, {
    interval: evaluation.interval,
    ...(evaluation.by === undefined ? {} : { by: evaluation.by }),
  });
  const few = evaluation.interval ? warnOfFewImages(annotations.images.length) : undefined;
  const result = evaluation.wider ? addWider(evaluated, groundTruth, predictions, protocol) : evaluated;
  return {
    ...result,
    analysis: analyseErrors(annotations, detected, settings.faces, evaluation.analysis),
    warnings: [
      ...warnings,
      ...scoreWarnings(detected.scores),
      ...tieWarnings(result.ties, settings.iou),
      ...(few === undefined ? [] : [few]),
    ],
    sha256: annotationsDigest(annotations, (bytes) => createHash('sha256').update(bytes).digest('hex')),
  };
}

/** Largest score from which on scores may be percentages. */
const fewestPercent = 10;

function scoreWarnings(scores: Float64Array): string[] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const score of scores) {
    if (score < low) low = score;
    if (score > high) high = score;
  }
  if (low >= 0 && high <= 1) return [];
  const format = low < 0 ? 'logit' : high > fewestPercent && high <= 100 ? 'percent' : undefined;
  const fix =
    format === undefined
      ? 'write probabilities'
      : `score takes --scores ${format} where they are that, or write probabilities`;
  return [
    `scores-outside-0-1: scores from ${low} to ${high}: AP depends on their order alone, but thresholds such as --at-score are in their unit; ${fix}`,
  ];
}

/** Smallest share of AP by which ties are said. */
const saidOfTies = 0.002;

function tieWarnings(ties: DetectionEvaluation['ties'], iou: number): string[] {
  if (ties === undefined || ties.high - ties.low < saidOfTies) return [];
  return [
    `scores-tied: ${formatShare(ties.tied)} of the detections share their score with another: AP at IoU ${iou} is ${ties.low.toFixed(4)} to ${ties.high.toFixed(4)} by their order alone; write scores with more digits`,
  ];
}
