import { ShapeError } from '@retinabench/core/basics';
import type { Interval } from '../record/interval.js';
import { hodgesLehmann } from './hodges-lehmann.js';
import { signedRankTest } from './signed-rank.js';

/** How many times as long one takes as the other, by rounds in which both ran. */
export interface PairedRatio {
  /** The Hodges-Lehmann estimate on logarithms; 1: as long. */
  readonly ratio: number;
  /** 95 %; absent where there are fewer than six rounds, which cannot reach it. */
  readonly interval?: Interval;
  /** Pairs that it is of. */
  readonly rounds: number;
  /** Two-sided p-value of the signed-rank test against a ratio of 1. */
  readonly pDifferent: number;
}

/** Fewer rounds cannot reach 95 %: the least two-sided p-value of five is 1 / 16. */
const fewestRounds = 6;

/**
 * The ratio of two series of times that were taken in turns: what slows the machine down for a while slows both of a
 * round, and cancels.
 *
 * @param firstMs times of what is divided by, one a round, above 0.
 * @param otherMs times of the other, as many, in the same order.
 * @throws {ShapeError} if the series are empty, differ in length, or hold a time that is not above 0.
 * Cost: O(n^2 log n) of the rounds.
 */
export function pairedRatio(firstMs: readonly number[], otherMs: readonly number[]): PairedRatio {
  const rounds = firstMs.length;
  if (rounds === 0 || otherMs.length !== rounds) {
    throw new ShapeError(
      `paired ratio: expected as many times of each, at least 1, got ${rounds} and ${otherMs.length}`,
    );
  }
  const bad = [...firstMs, ...otherMs].find((ms) => !(ms > 0 && Number.isFinite(ms)));
  if (bad !== undefined) throw new ShapeError(`paired ratio: expected times above 0 ms, got ${bad}`);
  const logs = firstMs.map((ms, round) => Math.log(otherMs[round] / ms));
  const { estimate, interval } = hodgesLehmann(logs);
  const { pGreater, pLess } = signedRankTest(logs);
  return {
    ratio: Math.exp(estimate),
    ...(rounds < fewestRounds ? {} : { interval: [Math.exp(interval[0]), Math.exp(interval[1])] as const }),
    rounds,
    pDifferent: Math.min(1, 2 * Math.min(pGreater, pLess)),
  };
}
