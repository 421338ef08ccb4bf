import type { CalibrationAnalysis } from '@retinabench/results';
import type { Binning } from '../calibration/bin-edges.js';
import { type HeldOutCalibration, heldOutCalibration } from '../calibration/held-out.js';
import type { JudgedDetections } from '../calibration/judged-detections.js';
import { countedScores, reliability } from '../calibration/reliability.js';
import { type ReliabilityIntervals, reliabilityIntervals } from '../calibration/reliability-intervals.js';
import { type ResamplingOptions, roundDraws } from '../resample/draw-images.js';
import { stateResampling } from '../resample/state-resampling.js';

/** How calibration is measured. */
export interface CalibrationOptions {
  /** How detections were matched, in a word for the record. */
  readonly matching: string;
  /** Which faces count, where the record has several sets of them. */
  readonly counted?: string;
  readonly binning: Binning;
  readonly bins: number;
  /** Absent: no intervals. */
  readonly resampling?: ResamplingOptions;
  /** Folds and seed of the fits; absent: no fits. */
  readonly heldOut?: { readonly folds?: number; readonly seed?: number };
}

/**
 * Calibration as a record has it.
 *
 * @returns undefined if no detection counts.
 * @throws {ProtocolError} as binScores; with `heldOut`, as heldOutCalibration, but that fits are left out where there are
 * fewer images with detections than folds.
 */
export function analyseCalibration(
  judged: JudgedDetections,
  { matching, counted, binning, bins, resampling, heldOut }: CalibrationOptions,
): CalibrationAnalysis | undefined {
  const scores = countedScores(judged);
  if (scores.scores.length === 0) return undefined;
  const result = reliability(scores, binning, bins);
  const images = scores.start.filter((start, image) => image > 0 && start > scores.start[image - 1]).length;
  const canFit = heldOut !== undefined && images >= (heldOut.folds ?? 5);
  return {
    matching,
    ...(counted === undefined ? {} : { counted }),
    ...result,
    ...(resampling === undefined ? {} : resampled(reliabilityIntervals(scores, result, resampling), resampling)),
    ...(canFit ? { heldOut: withoutSteps(heldOutCalibration(scores, { ...heldOut, binning, bins })) } : {}),
  };
}

function resampled(
  { draws, ...interval }: ReliabilityIntervals,
  resampling: ResamplingOptions,
): Pick<CalibrationAnalysis, 'interval' | 'resampling' | 'draws'> {
  const { ece, mce, brier } = draws;
  return {
    interval,
    resampling: stateResampling(resampling),
    draws: { ece: roundDraws(ece), mce: roundDraws(mce), brier: roundDraws(brier) },
  };
}

/** The steps of an isotonic fit can be thousands; a record says what they would change. */
function withoutSteps({ isotonic, ...rest }: HeldOutCalibration): NonNullable<CalibrationAnalysis['heldOut']> {
  const { fitted: _, ...errors } = isotonic;
  return { ...rest, isotonic: errors };
}
