import {
  type Interval,
  type LatencyStatistics,
  type PairedRatio,
  pairedRatio,
  type ResultRecord,
} from '@retinabench/results';
import { intervalOfMedian } from '../difference/interval-of-difference.js';
import type { NeededUnits } from '../difference/needed-to-tell.js';

/** How many times as long one takes as the other. */
export interface TimeRatio {
  readonly value: number;
  /** 95 %. */
  readonly interval: Interval;
  /** By the rounds of one run; else by the intervals of both medians, taken as independent. */
  readonly paired: boolean;
  /** Where the interval holds 1: rounds or repetitions that would tell, if the ratio is as far from 1 as it looks. */
  readonly needed?: NeededUnits;
}

/** Times of a record, and the run that they are of. */
export interface TimesOfRun {
  readonly total: LatencyStatistics;
  readonly record: Pick<ResultRecord, 'benchRun'>;
}

/**
 * The ratio of two times with its 95 % interval. Of two records of one bench, whose configurations took turns: the
 * Hodges-Lehmann estimate of the ratio of the medians of a round, so that what slows the machine down for a while slows
 * both. Else the ratio of the medians; relative half-widths, which are those of the logarithms, add in quadrature
 * (`intervalOfMedian`).
 *
 * @param baseline medians above 0.
 * @param candidate medians above 0.
 */
export function timeRatio(baseline: TimesOfRun, candidate: TimesOfRun): TimeRatio {
  const paired = ratioOfRounds(baseline, candidate);
  if (paired?.interval !== undefined) {
    const { ratio, interval, rounds } = paired;
    const [low, high] = interval;
    return {
      value: ratio,
      interval,
      paired: true,
      ...neededUnits(Math.log(ratio), [Math.log(low), Math.log(high)], { count: rounds, unit: 'rounds' }),
    };
  }
  const estimate = Math.log(candidate.total.median / baseline.total.median);
  const reach = Math.hypot(relativeReach(baseline.total), relativeReach(candidate.total));
  const count = Math.min(baseline.total.n, candidate.total.n);
  return {
    value: Math.exp(estimate),
    interval: [Math.exp(estimate - reach), Math.exp(estimate + reach)],
    paired: false,
    ...neededUnits(estimate, [estimate - reach, estimate + reach], { count, unit: 'repetitions' }),
  };
}

/** By rounds; undefined if the records are not of one run, or a timer too coarse gave 0. */
function ratioOfRounds(baseline: TimesOfRun, candidate: TimesOfRun): PairedRatio | undefined {
  const run = baseline.record.benchRun;
  const [was, is] = [baseline.total.roundMedians ?? [], candidate.total.roundMedians ?? []];
  if (run === undefined || run !== candidate.record.benchRun || was.length !== is.length) return undefined;
  return was.length > 0 && [...was, ...is].every((ms) => ms > 0) ? pairedRatio(was, is) : undefined;
}

/** The width of an interval shrinks with the root of the units. */
function neededUnits(estimate: number, [low, high]: Interval, seen: NeededUnits): { readonly needed?: NeededUnits } {
  if (low > 0 || high < 0 || estimate === 0) return {};
  const reach = estimate > 0 ? estimate - low : high - estimate;
  const count = Math.max(seen.count + 1, Math.ceil(seen.count * (reach / Math.abs(estimate)) ** 2));
  return Number.isFinite(count) && count < 1e7 ? { needed: { count, unit: seen.unit } } : {};
}

/** Half the width of the interval of a median, in parts of it. */
function relativeReach(statistics: LatencyStatistics): number {
  return (intervalOfMedian(statistics)[1] - statistics.median) / statistics.median;
}
