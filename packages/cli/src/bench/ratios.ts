import type { BenchResult } from '@retinabench/backends';
import { pairedRatio, type RatioToFirst, rankTimes } from '@retinabench/results';

/** A configuration against the others of its size. */
export interface RankedConfiguration {
  /** Place in the list of results. */
  readonly index: number;
  readonly ratioToFirst: RatioToFirst;
  /** Places of those that it cannot be told apart from. */
  readonly sameAs: readonly number[];
}

/**
 * Compare the configurations of a bench, size by size, with the first of the size that could be measured.
 *
 * @returns one list a size that at least two were measured at; empty if there is none. A configuration that failed is
 * left out, and so is one with a round whose median is 0, for a timer too coarse gives no ratio.
 */
export function rankConfigurations(results: readonly BenchResult[]): RankedConfiguration[][] {
  const sizes = new Map<
    string,
    { index: number; result: Exclude<BenchResult, { failure: string }>; rounds: number[] }[]
  >();
  results.forEach((result, index) => {
    if ('failure' in result) return;
    const rounds = [...(result.latencyMs.total.roundMedians ?? [])];
    if (rounds.length === 0 || rounds.some((ms) => ms <= 0)) return;
    const { name } = result.init.size;
    sizes.set(name, [...(sizes.get(name) ?? []), { index, result, rounds }]);
  });
  return [...sizes.values()]
    .filter((members) => members.length > 1)
    .map((members) => {
      const [{ result: first, rounds: firstRoundMedians }] = members;
      const { model, backend, threads } = first.init;
      const ranks = rankTimes(members.map(({ rounds }) => rounds));
      return members.map(({ index, rounds }, at) => {
        const { ratio, interval } = pairedRatio(firstRoundMedians, rounds);
        const { rank, sameAs } = ranks[at];
        return {
          index,
          ratioToFirst: {
            first: { model: model.card.id, backend, threads },
            ratio,
            ...(interval === undefined ? {} : { interval }),
            firstRoundMedians,
            ...(rank === undefined ? {} : { rank }),
            among: members.length,
          },
          sameAs: sameAs.map((other) => members[other].index),
        };
      });
    });
}
