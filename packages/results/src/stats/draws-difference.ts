import { ShapeError } from '@retinabench/core/basics';
import type { Interval } from '../record/interval.js';
import { twoSidedT, twoSidedTail } from './student-t.js';

/** How a number changed between two runs of which the same units were resampled. */
export interface DrawsDifference {
  /** candidate - baseline. */
  readonly difference: number;
  /** 95 %; never without width. */
  readonly interval: Interval;
  /** Of the difference; 0 where no draw differs. */
  readonly standardError: number;
  /**
   * About how many units make it up: 0 where no draw differs; of few units, as many as would be missed by the share of draws
   * that show no difference; else all.
   */
  readonly differing: number;
  /** Whether about three units or fewer make it up, so that it says little of other units. */
  readonly few: boolean;
  /** Two-sided p-value of the hypothesis that the true difference is `bound`; absent where few units or none make it up. */
  readonly pValue?: (bound: number) => number;
}

/** Both runs, for a number between 0 and 1. */
export interface PairedDraws {
  readonly baseline: number;
  readonly candidate: number;
  /** One value for each draw; draw i of both is of the same units. */
  readonly baselineDraws: readonly number[];
  readonly candidateDraws: readonly number[];
  /** Units that can make a difference. */
  readonly units: number;
}

/** Share of the draws without a difference from which on it depends on few units: none of three is drawn in exp(-3) = 5 %. */
const fewUnitsShare = 0.05;

/**
 * The difference of a number with its paired 95 % interval: Student's t with as many degrees of freedom as units less one
 * times the standard deviation of the differences of the draws, whose share of noise from 200 draws is 5 % (an end of a percentile
 * interval would be the fifth smallest of them). Where about three units or fewer make up the difference, the interval reaches as far as
 * the draws, too. Where no draw differs, a change on up to 3 / units of the units cannot be excluded (rule of three).
 *
 * @throws {ShapeError} if there are fewer than two draws, or the runs have different numbers of them.
 * Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapters 12 and 13.
 */
export function drawsDifference(runs: PairedDraws): DrawsDifference {
  const { baseline, candidate, baselineDraws, candidateDraws, units } = runs;
  const count = baselineDraws.length;
  if (count < 2 || candidateDraws.length !== count) {
    throw new ShapeError(
      `difference of draws: expected as many of both runs, at least 2, got ${count} and ${candidateDraws.length}`,
    );
  }
  const difference = candidate - baseline;
  const changes = candidateDraws.map((value, i) => value - baselineDraws[i]);
  const same = changes.filter((change) => change === 0).length;
  if (same === count) {
    const missed = Math.min(1, 3 / Math.max(1, units));
    const interval = [
      Math.min(difference, -Math.min(baseline, missed)),
      Math.max(difference, Math.min(1 - baseline, missed)),
    ] as const;
    return { difference, interval, standardError: 0, differing: 0, few: true };
  }
  const mean = changes.reduce((sum, change) => sum + change, 0) / count;
  const squares = changes.reduce((sum, change) => sum + (change - mean) ** 2, 0);
  const standardError = Math.sqrt(squares / (count - 1));
  const degreesOfFreedom = Math.max(1, units - 1);
  const half = twoSidedT(0.05, degreesOfFreedom) * standardError;
  const few = same >= fewUnitsShare * count;
  // The draws are of a number that can lie a little off (another rule of the threshold): what they change is what counts.
  const offset = difference - mean;
  const reach = (end: (a: number, b: number) => number, side: number): number =>
    few ? end(side, changes.reduce((a, b) => end(a, b)) + offset) : side;
  return {
    difference,
    interval: [Math.min(reach(Math.min, difference - half), difference), reach(Math.max, difference + half)],
    standardError,
    differing: same === 0 ? units : Math.min(units, Math.max(1, Math.round(Math.log(count / same)))),
    few,
    ...(few
      ? {}
      : { pValue: (bound: number) => twoSidedTail(Math.abs(difference - bound) / standardError, degreesOfFreedom) }),
  };
}
