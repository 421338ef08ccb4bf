import type { AnnotationFormat, Annotations, PredictionFormat } from '@retinabench/annotations';
import { type RunIdentity, readIdentity } from '@retinabench/backends/runs';
import type { WiderPredictions } from '@retinabench/eval-wider';
import { arrangePredictions, convertByFlags } from '../wider/apply-prediction-flags.js';
import type { PredictionFlags } from '../wider/prediction-flags.js';
import { describeAnnotations, describePredictions } from './describe-reading.js';
import { annotatedSizes } from './diagnose-annotated.js';
import { joinPredictions } from './joined-predictions.js';
import { readListedImages } from './listed-images.js';
import { loadAnyAnnotations, loadAnyPredictions } from './load-any.js';
import type { MissingRule } from './missing-rule.js';
import { readingSettings } from './reading-flags.js';

/** How predictions of any form are read against annotations of any form. */
export interface ScoredFlags extends PredictionFlags {
  readonly missing: MissingRule;
  /** List of the images that are evaluated alone. */
  readonly only?: string;
}

/** Predictions under the names of the annotated images, as the flags correct them. */
export interface ScoredPredictions {
  readonly annotations: Annotations;
  readonly predictions: WiderPredictions;
  /** What was recognised, a sentence each. */
  readonly recognised: readonly string[];
  readonly warnings: readonly string[];
  /** What the reader of a number must know: that it is of listed images alone. */
  readonly notes: readonly string[];
  /** Of the run whose folder the predictions are; absent: they do not say what made them. */
  readonly identity?: RunIdentity;
}

/**
 * Read annotations and predictions, and bring them together.
 *
 * @param given all flags of the command, those of `addReadingFlags` of both sides among them.
 * @throws as loadAnyAnnotations, readListedImages, loadAnyPredictions and joinPredictions.
 */
export async function readScored(
  gt: string,
  pred: string,
  flags: ScoredFlags,
  given: Readonly<Record<string, unknown>>,
): Promise<ScoredPredictions> {
  const truth = loadAnyAnnotations(gt, readingSettings<AnnotationFormat>(given, 'gt'));
  const listed =
    flags.only === undefined ? undefined : await readListedImages(flags.only, truth.annotations.images, gt);
  const read = loadAnyPredictions(pred, { ...readingSettings<PredictionFormat>(given, 'pred'), annotations: truth });
  const joined = joinPredictions(truth, read, flags.missing, listed?.keep);
  const identity = read.format === 'run' ? readIdentity(pred) : undefined;
  return {
    annotations: joined.annotations,
    predictions: convertByFlags(
      arrangePredictions(joined.predictions, flags),
      flags,
      annotatedSizes(joined.annotations).sizeOf,
    ),
    recognised: [...describeAnnotations(truth), ...describePredictions(read, joined.rule)],
    warnings: joined.warnings,
    notes: listed === undefined ? [] : [listed.note],
    ...(identity === undefined ? {} : { identity }),
  };
}
