import { pairedRatio, type RatioToFirst, rankTimes, roundsToRank } from '@retinabench/results';

/** A configuration whose rounds were taken in turns with others. */
export interface RoundsOfConfiguration {
  /** Place in the list of results. */
  readonly index: number;
  /** What is compared with each other: a size. */
  readonly group: string;
  readonly name: RatioToFirst['first'];
  /** Median of each round, ms. */
  readonly rounds: readonly number[];
}

/** A configuration against the others of its group. */
export interface RankedConfiguration {
  /** Place in the list of results. */
  readonly index: number;
  readonly ratioToFirst: RatioToFirst;
  /** Places of those that it cannot be told apart from. */
  readonly sameAs: readonly number[];
}

/**
 * Compare configurations group by group with the first of the group.
 *
 * @returns one list a group of at least two; empty if there is none. One without rounds, or with a round of 0 ms, is left
 * out, for a timer too coarse gives no ratio.
 */
export function rankRounds(configurations: readonly RoundsOfConfiguration[]): RankedConfiguration[][] {
  const groups = new Map<string, RoundsOfConfiguration[]>();
  for (const configuration of configurations) {
    const { group, rounds } = configuration;
    if (rounds.length === 0 || rounds.some((ms) => ms <= 0)) continue;
    groups.set(group, [...(groups.get(group) ?? []), configuration]);
  }
  return [...groups.values()]
    .filter((members) => members.length > 1)
    .map((members) => {
      const [{ name: first, rounds: firstRoundMedians }] = members;
      const ranks = rankTimes(members.map(({ rounds }) => rounds));
      return members.map(({ index, rounds }, at) => {
        const { ratio, interval } = pairedRatio(firstRoundMedians, rounds);
        const { rank, sameAs } = ranks[at];
        return {
          index,
          ratioToFirst: {
            first,
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

/** What would tell configurations of a group apart; undefined where all are. */
export function adviceToRank(group: readonly RankedConfiguration[]): string | undefined {
  if (group.every(({ ratioToFirst }) => ratioToFirst.rank !== undefined)) return undefined;
  const rounds = group[0].ratioToFirst.firstRoundMedians.length;
  return tooFewRounds(rounds, group.length) ?? 'raise --rounds to tell them apart';
}

/** That so many rounds cannot rank so many configurations of a size, however they come out; undefined where they can. */
export function tooFewRounds(rounds: number, configurations: number): string | undefined {
  if (configurations < 2) return undefined;
  const wanted = roundsToRank(configurations);
  if (rounds >= wanted) return undefined;
  return `${rounds} ${rounds === 1 ? 'round' : 'rounds'} can tell nothing of ${configurations} configurations: --rounds ${wanted} at least`;
}
