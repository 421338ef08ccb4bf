import type { ResultRecord } from '../../record/record.js';
import { pairedRatio } from '../../stats/paired-ratio.js';
import { type Contradiction, requireEqual, requireThat } from './contradiction.js';

/**
 * Contradictions of a bench: a ratio that its rounds do not give, disturbed rounds that were counted wrongly; and of times taken
 * while evaluating.
 */
export function findBenchContradictions(record: ResultRecord): Contradiction[] {
  return [...findRatioContradictions(record), ...findLoadContradictions(record), ...findTimingContradictions(record)];
}

function findTimingContradictions({ detectTiming, latencyMs }: ResultRecord): Contradiction[] {
  if (detectTiming === undefined) return [];
  const { images, earlier = 0 } = detectTiming;
  return [
    ...requireEqual('detectTiming.images', latencyMs?.detect?.n ?? 0, images, 'the times of latencyMs.detect'),
    ...requireThat(earlier <= images, 'detectTiming.earlier', `at most ${images}, as many as have a time`, earlier),
  ];
}

function findRatioContradictions({ ratioToFirst, latencyMs }: ResultRecord): Contradiction[] {
  if (ratioToFirst === undefined) return [];
  const { of: stage = 'total', firstRoundMedians: first, ratio, interval, rank, among } = ratioToFirst;
  const own = latencyMs?.[stage]?.roundMedians ?? [];
  const path = 'ratioToFirst';
  if (own.length !== first.length || own.some((ms) => ms <= 0)) {
    const expected = `${own.length} times, as latencyMs.${stage}.roundMedians, all above 0`;
    return requireThat(false, `${path}.firstRoundMedians`, expected, first.length);
  }
  const again = pairedRatio(first, own);
  return [
    ...requireEqual(`${path}.ratio`, again.ratio, ratio, 'of the rounds'),
    ...requireThat(
      (interval === undefined) === (again.interval === undefined),
      `${path}.interval`,
      again.interval === undefined ? 'none, for fewer than 6 rounds cannot reach 95 %' : 'the interval of the rounds',
      String(interval),
    ),
    ...(interval === undefined || again.interval === undefined
      ? []
      : [
          ...requireEqual(`${path}.interval.0`, again.interval[0], interval[0], 'of the rounds'),
          ...requireEqual(`${path}.interval.1`, again.interval[1], interval[1], 'of the rounds'),
        ]),
    ...requireThat(rank === undefined || rank <= among, `${path}.rank`, `at most ${among}, as many as ran`, rank ?? 0),
  ];
}

function findLoadContradictions({ loadOfOthers, latencyMs }: ResultRecord): Contradiction[] {
  if (loadOfOthers === undefined) return [];
  const { shares, limit, disturbed } = loadOfOthers;
  const rounds = (latencyMs?.total ?? latencyMs?.perImage)?.roundMedians?.length;
  return [
    ...requireEqual(
      'loadOfOthers.disturbed',
      shares.filter((share) => share > limit).length,
      disturbed,
      `shares above ${limit}`,
    ),
    ...(rounds === undefined ? [] : requireEqual('loadOfOthers.shares', rounds, shares.length, 'as many as rounds')),
  ];
}
