import type { LatencyStatistics } from '../record/record.js';
import { quantile } from './quantile.js';

/**
 * What is published of a sample of times: 10th percentile, median, 95th percentile, mean, median absolute deviation and
 * count. One interrupted repetition moves the mean, so it is no estimate of what the code takes; but nothing else sees a
 * few repetitions that take many times as long.
 *
 * @param samplesMs at least one finite time.
 * @throws {ShapeError} if there is none.
 * Cost: O(n log n), copies.
 */
export function summariseLatency(samplesMs: ArrayLike<number>): LatencyStatistics {
  const median = quantile(samplesMs, 0.5);
  const deviations = Float64Array.from(samplesMs, (sample) => Math.abs(sample - median));
  return {
    p10: quantile(samplesMs, 0.1),
    median,
    p95: quantile(samplesMs, 0.95),
    mean: Array.from(samplesMs).reduce((sum, sample) => sum + sample, 0) / samplesMs.length,
    mad: quantile(deviations, 0.5),
    n: samplesMs.length,
  };
}

/** The shares of `timeQuantiles`: 0, 5, .. 100 %. */
const steps = 20;

/**
 * The distribution of times: quantiles at 0, 5, .. 100 %.
 *
 * @param samplesMs at least one finite time.
 * @returns 21 numbers, ascending.
 * @throws {ShapeError} if there is none.
 */
export function timeQuantiles(samplesMs: ArrayLike<number>): number[] {
  return Array.from({ length: steps + 1 }, (_, step) => quantile(samplesMs, step / steps));
}

/**
 * The samples that stand apart: further than 5 median absolute deviations above the median (about 3.4 standard
 * deviations, were they normal). They stay in the statistics; their number shows how disturbed the machine was.
 */
export function countOutliers(samplesMs: ArrayLike<number>): number {
  const { median, mad } = summariseLatency(samplesMs);
  return Array.from(samplesMs).filter((sample) => sample > median + 5 * mad).length;
}
