import type { BenchResult } from '@retinabench/backends';
import { parseBenchSize } from '@retinabench/backends';
import { expect, test } from 'vitest';
import { loadOfOthers, loadWarnings } from '../../src/bench/load-warnings.js';
import { tooFewRounds } from '../../src/bench/rank-rounds.js';
import { ratioTable } from '../../src/bench/ratio-table.js';
import { rankConfigurations } from '../../src/bench/ratios.js';

const base = [10, 20, 30, 10, 21, 33, 12, 19, 40, 11, 15, 26];

/** A configuration of which only the rounds matter. */
function configuration(backend: string, roundMedians: readonly number[], size = 'vga'): BenchResult {
  const total = { median: 1, p95: 1, mad: 0, n: 99, roundMedians };
  return {
    init: { model: { card: { id: 'm' } }, backend, threads: 1, size: parseBenchSize(size) },
    latencyMs: { total },
  } as unknown as BenchResult;
}

const failed = { init: { size: parseBenchSize('vga') }, failure: 'broken', exitCode: 3 } as unknown as BenchResult;

test('three times as long in every round: a ratio, its interval, ranks and the fastest', () => {
  const results = [
    configuration(
      'slow',
      base.map((ms, at) => ms * (3 + at * 0.001)),
    ),
    configuration('fast', base),
  ];
  const text = ratioTable(results, rankConfigurations(results));
  expect(text).toMatch(/slow +vga +1 +1 +- +2/);
  expect(text).toMatch(/fast +vga +1 +0\.333 +\[0\.33\d, 0\.33\d\] +1/);
  expect(text).toContain('vga: fastest is m on fast, 1 thread');
});

test('now one, now the other: no rank and no fastest, and what to do', () => {
  const results = [
    configuration('a', base),
    configuration(
      'b',
      base.map((ms, at) => ms * (at % 2 === 0 ? 1.1 : 0.92 - at * 0.001)),
    ),
  ];
  const text = ratioTable(results, rankConfigurations(results)) ?? '';
  expect(text.match(/not told apart from 1 other$/gm)).toHaveLength(2);
  expect(text).toMatch(/vga: which is fastest cannot be told \(.*\); raise --rounds/);
  expect(text).not.toContain('fastest is');
});

test('sizes are apart, failed ones left out, and one alone is compared with nothing', () => {
  const results = [failed, configuration('a', base), configuration('b', base, 'hd')];
  expect(rankConfigurations(results)).toEqual([]);
  const pairs = rankConfigurations([
    ...results,
    configuration(
      'c',
      base.map((ms) => ms * 2),
    ),
  ]);
  expect(pairs.map((group) => group.map(({ index }) => index))).toEqual([[1, 3]]);
  expect(pairs[0][1].ratioToFirst).toMatchObject({ first: { backend: 'a' }, among: 2 });
});

test('rounds that others disturbed are counted and said', () => {
  const load = loadOfOthers({ othersShares: [0, 0.1, 0.11, 0.5] });
  expect(load).toMatchObject({ disturbed: 2 });
  expect(loadWarnings(load).join()).toMatch(/^2 of 4 rounds were disturbed: .*up to 50 %/);
  expect(loadWarnings(loadOfOthers({ othersShares: [0, 0.02] }))).toEqual([]);
  expect(loadOfOthers({})).toBeUndefined();
});

test('too few rounds for so many configurations: how many would do', () => {
  // Three pairs: 2^-5 x 3 = 0.094 of six rounds is no proof, 2^-6 x 3 = 0.047 of seven is.
  const six = base.slice(0, 6);
  const results = [1, 3, 9].map((factor) =>
    configuration(
      `x${factor}`,
      six.map((ms) => ms * factor),
    ),
  );
  expect(ratioTable(results, rankConfigurations(results))).toContain(
    '6 rounds can tell nothing of 3 configurations: --rounds 7 at least',
  );
  const seven = [1, 3, 9].map((factor) =>
    configuration(
      `x${factor}`,
      base.slice(0, 7).map((ms) => ms * factor),
    ),
  );
  expect(ratioTable(seven, rankConfigurations(seven))).toContain('vga: fastest is m on x1, 1 thread');
});

test('before anything is measured: that the rounds cannot rank so many', () => {
  // Two-sided signed-rank p of r equal signs is 2 / 2^r; Holm over the 1 and the 10 pairs: 2 / 2^6 = 0.031, 10 x 2 / 2^9 = 0.039.
  expect(tooFewRounds(5, 2)).toBe('5 rounds can tell nothing of 2 configurations: --rounds 6 at least');
  expect(tooFewRounds(6, 2)).toBeUndefined();
  expect(tooFewRounds(8, 5)).toBe('8 rounds can tell nothing of 5 configurations: --rounds 9 at least');
  expect(tooFewRounds(9, 5)).toBeUndefined();
  expect(tooFewRounds(1, 1)).toBeUndefined();
});
