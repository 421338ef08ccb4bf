import { ProtocolError } from '@retinabench/core';
import { type Interval, intervalHolding, percentileInterval, quantile } from '@retinabench/results';
import type { ResamplingOptions } from '../resample/draw-images.js';
import type { Binning } from './bin-edges.js';
import type { CalibrationSummary } from './held-out.js';
import { fitIsotonic } from './isotonic.js';
import { type CountedScores, reliability } from './reliability.js';
import { type ReliabilityIntervals, reliabilityIntervals } from './reliability-intervals.js';
import { countNewTies, type FittedMap, type ScoreMapKind, scoreMapOf } from './score-map.js';
import { fitTemperature } from './temperature.js';

/** Numbers of calibration with their 95 % intervals. */
export interface MeasuredCalibration extends CalibrationSummary {
  readonly interval: Readonly<Record<keyof CalibrationSummary, Interval>>;
}

/** What a map does to scores that it was not fitted on. */
export interface MapEffect {
  readonly images: number;
  readonly detections: number;
  readonly before: MeasuredCalibration;
  readonly after: MeasuredCalibration;
  /** After less before, paired over the images: below 0 is better. */
  readonly difference: MeasuredCalibration;
  /** Detections of different scores that share one after the map. */
  readonly newTies: number;
}

/** A map with what it was fitted on and what it does elsewhere. */
export interface FittedScoreMap {
  readonly map: FittedMap;
  readonly fitted: { readonly images: number; readonly detections: number; readonly right: number };
  readonly heldOut: MapEffect;
}

/** How a map is fitted and measured. */
export interface FitOptions {
  readonly kind: ScoreMapKind;
  readonly binning: Binning;
  readonly bins: number;
  readonly resampling?: ResamplingOptions;
}

const summaries = ['ece', 'mce', 'brier'] as const;

/**
 * Fit a map of scores on some images and measure it on the others: what is measured is the map that is returned.
 *
 * @param isFitted Uint8Array [images]: 1 for images of the fit, as `dealImages` divides them.
 * @throws {ProtocolError} if the images of the fit lack right or wrong detections, the others have no detection that counts,
 * or a score lies outside 0..1.
 * Cost: a fit, and two bootstraps over the held-out images.
 */
export function fitScoreMap(
  counted: CountedScores,
  isFitted: Uint8Array,
  { kind, binning, bins, resampling }: FitOptions,
): FittedScoreMap {
  const training = takeImages(counted, isFitted, 1);
  const others = takeImages(counted, isFitted, 0);
  const right = training.correct.reduce((sum, own) => sum + own, 0);
  const wrong = training.scores.length - right;
  if (right === 0 || wrong === 0) {
    throw new ProtocolError(
      `score map: expected right and wrong detections on the images of the fit, got ${right} right and ${wrong} wrong; fit on more images, or keep detections of lower scores`,
    );
  }
  if (others.scores.length === 0) {
    throw new ProtocolError(
      'score map: expected detections that count on the held-out images, got none; take more images, or a smaller share for the fit',
    );
  }
  const map = fitMap(kind, training);
  const mapped = { ...others, scores: others.scores.map(scoreMapOf(map)) };
  const measure = (of: CountedScores): { summary: CalibrationSummary; intervals: ReliabilityIntervals } => {
    const result = reliability(of, binning, bins);
    const { ece, mce, brier } = result;
    return { summary: { ece, mce, brier }, intervals: reliabilityIntervals(of, result, resampling) };
  };
  const [before, after] = [measure(others), measure(mapped)];
  const imagesOf = ({ start }: CountedScores): number => start.length - 1;
  return {
    map,
    fitted: { images: imagesOf(training), detections: training.scores.length, right },
    heldOut: {
      images: imagesOf(others),
      detections: others.scores.length,
      before: withIntervals(before.summary, before.intervals),
      after: withIntervals(after.summary, after.intervals),
      difference: differenceOf(before, after),
      newTies: countNewTies(others.scores, mapped.scores),
    },
  };
}

function fitMap(kind: ScoreMapKind, { scores, correct }: CountedScores): FittedMap {
  if (kind === 'temperature') return { kind, temperature: fitTemperature(scores, correct) };
  return { kind, ...fitIsotonic(scores, correct) };
}

function withIntervals(summary: CalibrationSummary, { ece, mce, brier }: ReliabilityIntervals): MeasuredCalibration {
  return { ...summary, interval: { ece, mce, brier } };
}

/** Both drew the same images: draw by draw the difference is paired. Those of ECE and MCE are mirrored, as theirs are. */
function differenceOf(
  before: { readonly summary: CalibrationSummary; readonly intervals: ReliabilityIntervals },
  after: { readonly summary: CalibrationSummary; readonly intervals: ReliabilityIntervals },
): MeasuredCalibration {
  const values = summaries.map((name) => [name, after.summary[name] - before.summary[name]] as const);
  const intervals = values.map(([name, value]): [string, Interval] => {
    const draws = after.intervals.draws[name].map((drawn, at) => drawn - before.intervals.draws[name][at]);
    if (draws.length === 0) return [name, [-1, 1]];
    const bounds: Interval =
      name === 'brier'
        ? percentileInterval(draws)
        : [2 * value - quantile(draws, 0.975), 2 * value - quantile(draws, 0.025)];
    return [name, intervalHolding([Math.max(-1, bounds[0]), Math.min(1, bounds[1])], value)];
  });
  return {
    ...(Object.fromEntries(values) as unknown as CalibrationSummary),
    interval: Object.fromEntries(intervals) as MeasuredCalibration['interval'],
  };
}

/** The detections of the images whose mark is `wanted`. */
function takeImages({ scores, correct, start }: CountedScores, marks: Uint8Array, wanted: 0 | 1): CountedScores {
  const ends = [0];
  const kept: number[] = [];
  for (let image = 0; image < marks.length; image++) {
    if (marks[image] !== wanted) continue;
    for (let index = start[image]; index < start[image + 1]; index++) kept.push(index);
    ends.push(kept.length);
  }
  return {
    scores: Float64Array.from(kept, (index) => scores[index]),
    correct: Uint8Array.from(kept, (index) => correct[index]),
    start: Int32Array.from(ends),
  };
}
