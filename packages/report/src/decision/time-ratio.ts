import type { Interval, LatencyStatistics } from '@retinabench/results';
import { intervalOfMedian } from '../difference/interval-of-difference.js';
import type { NeededUnits } from '../difference/needed-to-tell.js';

/** How many times as long one takes as the other. */
export interface TimeRatio {
  readonly value: number;
  /** 95 %. */
  readonly interval: Interval;
  /** By the rounds of one run; else by the intervals of both medians, taken as independent. */
  readonly paired: boolean;
  /** Where the interval holds 1: repetitions that would tell, if the ratio is as far from 1 as it looks. */
  readonly needed?: NeededUnits;
}

/**
 * The ratio of two medians with its 95 % interval: relative half-widths, which are those of the logarithms, add in quadrature (`intervalOfMedian`).
 *
 * @param baseline median above 0.
 * @param candidate median above 0.
 */
export function timeRatio(baseline: LatencyStatistics, candidate: LatencyStatistics): TimeRatio {
  const value = candidate.median / baseline.median;
  const reach = Math.hypot(relativeReach(baseline), relativeReach(candidate));
  const interval = [value * Math.exp(-reach), value * Math.exp(reach)] as const;
  return { value, interval, paired: false, ...neededRepetitions(value, interval, Math.min(baseline.n, candidate.n)) };
}

/** The width of an interval shrinks with the root of the repetitions. */
function neededRepetitions(value: number, [low, high]: Interval, n: number): { readonly needed?: NeededUnits } {
  if (low > 1 || high < 1 || value === 1) return {};
  const reach = Math.log(value > 1 ? value / low : high / value);
  const count = Math.ceil(n * (reach / Math.abs(Math.log(value))) ** 2);
  return Number.isFinite(count) && count < 1e7 ? { needed: { count, unit: 'repetitions' } } : {};
}

/** Half the width of the interval of a median, in parts of it. */
function relativeReach(statistics: LatencyStatistics): number {
  return (intervalOfMedian(statistics)[1] - statistics.median) / statistics.median;
}
