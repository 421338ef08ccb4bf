import { holm } from './holm.js';
import { pairedRatio } from './paired-ratio.js';

/** Where one of several series of times stands. */
export interface TimeRank {
  /** 1: the fastest; absent where at least one other cannot be told apart from it. */
  readonly rank?: number;
  /** Indices of the series that it cannot be told apart from. */
  readonly sameAs: readonly number[];
}

/** Chance of one or more false orders among all pairs. */
const alpha = 0.05;

/**
 * Rank series of times that were taken in turns, as far as they can be told apart: two are where the interval of their
 * ratio lies on one side of 1 and the signed-rank test, corrected for the number of pairs, says so too. No order is
 * made of what chance could have made.
 *
 * @param series one a configuration: its times by round, above 0, all of one length.
 * @throws {ShapeError} as `pairedRatio`.
 * Cost: O(series^2 rounds^2 log rounds).
 */
export function rankTimes(series: readonly (readonly number[])[]): TimeRank[] {
  const pairs = series.flatMap((own, first) =>
    series.slice(first + 1).map((others, at) => ({ first, second: first + 1 + at, ...pairedRatio(own, others) })),
  );
  const adjusted = holm(pairs.map(({ pDifferent }) => pDifferent));
  const slower: Set<number>[] = series.map(() => new Set());
  const same: Set<number>[] = series.map(() => new Set());
  pairs.forEach(({ first, second, ratio, interval }, at) => {
    const apart = interval !== undefined && (interval[0] > 1 || interval[1] < 1) && adjusted[at] < alpha;
    if (!apart) {
      same[first].add(second);
      same[second].add(first);
    } else if (ratio > 1) slower[second].add(first);
    else slower[first].add(second);
  });
  return series.map((_, at) => ({
    ...(same[at].size === 0 ? { rank: 1 + slower[at].size } : {}),
    sameAs: [...same[at]].sort((a, b) => a - b),
  }));
}

/** The interval of a ratio wants as many. */
const fewestRounds = 6;

/**
 * Rounds without which no order of so many configurations can be told, however far apart they are: the least two-sided
 * p-value of r rounds is 2^(1 - r), and the first step of Holm multiplies it by the number of pairs.
 *
 * @param configurations at least 2.
 */
export function roundsToRank(configurations: number): number {
  const pairs = (configurations * (configurations - 1)) / 2;
  let rounds = fewestRounds;
  while (2 ** (1 - rounds) * pairs >= alpha) rounds++;
  return rounds;
}
