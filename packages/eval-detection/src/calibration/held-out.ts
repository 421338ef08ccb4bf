import { ProtocolError, seededRandom, shuffle } from '@retinabench/core/basics';
import type { Binning } from './bin-edges.js';
import { ascendingOrder, fitIsotonic, type IsotonicSteps, isotonicMap } from './isotonic.js';
import { type CountedScores, reliability } from './reliability.js';
import { fitTemperature, type ScoreMap, temperatureMap } from './temperature.js';

/** Numbers of calibration before or after a map. */
export interface CalibrationSummary {
  readonly ece: number;
  readonly mce: number;
  readonly brier: number;
}

/** What maps of the scores would change, measured on images that they were not fitted on. */
export interface HeldOutCalibration {
  readonly folds: number;
  readonly seed: number;
  readonly before: CalibrationSummary;
  /** With the map fitted on the other folds. */
  readonly temperature: CalibrationSummary & { readonly fitted: number };
  readonly isotonic: CalibrationSummary & { readonly fitted: IsotonicSteps };
}

/** How the images are divided. */
export interface HeldOutOptions {
  readonly binning: Binning;
  readonly bins: number;
  /** At least 2; 5 by default. */
  readonly folds?: number;
  /** 0 by default. */
  readonly seed?: number;
}

/**
 * Fit a temperature and a rising step function to the scores, and measure their effect by cross-validation: the images are
 * dealt into folds, each fold's scores go through the map fitted on the others, and the calibration of all of them is taken
 * together. An image is whole within a fold, since its detections are not independent.
 *
 * @returns the effect, and the maps fitted on all images (`fitted`), which are those to use.
 * @throws {ProtocolError} if there are fewer images with detections than folds, or a score lies outside 0..1.
 * Cost: folds + 1 fits of each kind.
 */
export function heldOutCalibration(counted: CountedScores, options: HeldOutOptions): HeldOutCalibration {
  const { folds = 5, seed = 0, binning, bins } = options;
  // Sorted once, so that no fit sorts.
  const order = ascendingOrder(counted.scores);
  const dealt = dealFolds(counted.start, folds, seed);
  const foldOf = new Uint8Array(order.length);
  const scores = new Float64Array(order.length);
  const correct = new Uint8Array(order.length);
  for (let at = 0; at < order.length; at++) {
    foldOf[at] = dealt[order[at]];
    scores[at] = counted.scores[order[at]];
    correct[at] = counted.correct[order[at]];
  }
  const fitted = fitTemperature(scores, correct);
  const temperature = new Float64Array(scores.length);
  const isotonic = new Float64Array(scores.length);
  for (let fold = 0; fold < folds; fold++) {
    const training = pick({ scores, correct }, foldOf, (of) => of !== fold);
    const maps: readonly [Float64Array, ScoreMap][] = [
      [temperature, temperatureMap(fitTemperature(training.scores, training.correct, fitted))],
      [isotonic, isotonicMap(fitIsotonic(training.scores, training.correct))],
    ];
    for (const [to, map] of maps) {
      for (let index = 0; index < foldOf.length; index++) if (foldOf[index] === fold) to[index] = map(scores[index]);
    }
  }
  const summary = (mapped: Float64Array): CalibrationSummary => {
    const { ece, mce, brier } = reliability({ scores: mapped, correct }, binning, bins);
    return { ece, mce, brier };
  };
  return {
    folds,
    seed,
    before: summary(scores),
    temperature: { ...summary(temperature), fitted },
    isotonic: { ...summary(isotonic), fitted: fitIsotonic(scores, correct) },
  };
}

/** The fold of each detection: the images that have any, shuffled, dealt in turn. */
function dealFolds(start: Int32Array, folds: number, seed: number): Uint8Array {
  const images: number[] = [];
  for (let image = 0; image + 1 < start.length; image++) if (start[image + 1] > start[image]) images.push(image);
  if (!Number.isInteger(folds) || folds < 2 || folds > 255 || images.length < folds) {
    throw new ProtocolError(
      `calibration on held-out images: expected 2 to 255 folds and an image with detections for each, got ${folds} folds and ${images.length} images`,
    );
  }
  shuffle(images, seededRandom(seed));
  const foldOf = new Uint8Array(start[start.length - 1]);
  images.forEach((image, index) => {
    foldOf.fill(index % folds, start[image], start[image + 1]);
  });
  return foldOf;
}

function pick(
  { scores, correct }: Pick<CountedScores, 'scores' | 'correct'>,
  foldOf: Uint8Array,
  wanted: (fold: number) => boolean,
): Pick<CountedScores, 'scores' | 'correct'> {
  return {
    scores: scores.filter((_, index) => wanted(foldOf[index])),
    correct: correct.filter((_, index) => wanted(foldOf[index])),
  };
}
