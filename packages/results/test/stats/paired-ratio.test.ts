import { seededRandom } from '@retinabench/core';
import { expect, test } from 'vitest';
import { pairedRatio } from '../../src/stats/paired-ratio.js';
import { rankTimes } from '../../src/stats/rank-times.js';

/** Times of a machine that drifts: what of a round is common to all, and what is not. */
function rounds(random: () => number, factors: readonly number[], count: number): number[][] {
  const common = Array.from({ length: count }, () => 10 + 30 * random());
  return factors.map((factor) => common.map((ms) => ms * factor * (1 + 0.04 * (random() - 0.5))));
}

test('pairedRatio: a hand-worked example', () => {
  // Ratios 2, 4, .. 64, logs k ln 2 with k = 1..6. The 21 means (i + j) / 2 lie symmetric about 3.5: ratio 2^3.5. C = 6 x 7 / 4
  // - 1.96 sqrt(6 x 7 x 13 / 24) = 1.15, so the interval goes from the smallest mean to the largest: 2 to 64. All six
  // differences are above 0: 1 of 2^6 arrangements of the signs, both sides 2 / 64.
  const { ratio, interval, rounds: n, pDifferent } = pairedRatio([1, 2, 3, 4, 5, 6], [2, 8, 24, 64, 160, 384]);
  expect(ratio).toBeCloseTo(11.3137085, 6);
  expect(interval?.[0]).toBeCloseTo(2, 12);
  expect(interval?.[1]).toBeCloseTo(64, 10);
  expect(n).toBe(6);
  expect(pDifferent).toBeCloseTo(0.03125, 12);
});

test('pairedRatio: five rounds have a ratio and no interval; the other way round it is the inverse', () => {
  const [a, b] = rounds(seededRandom(3), [1, 1.3], 5);
  const there = pairedRatio(a, b);
  expect(there.interval).toBeUndefined();
  expect(pairedRatio(b, a).ratio).toBeCloseTo(1 / there.ratio, 12);
});

test('pairedRatio: finds a planted 2 % below a drift of four times as much', () => {
  const { ratio, interval = [0, 0] } = pairedRatio(...(rounds(seededRandom(7), [1, 1.02], 40) as [number[], number[]]));
  expect(ratio).toBeGreaterThan(1.005);
  expect(ratio).toBeLessThan(1.035);
  expect(interval[0]).toBeGreaterThan(1);
  expect(interval[1] - interval[0]).toBeLessThan(0.03);
});

test.each([
  [[1, 2], [1]],
  [[], []],
  [[1], [0]],
  [[1], [Number.NaN]],
])('pairedRatio refuses %j and %j', (first, other) => {
  expect(() => pairedRatio(first, other)).toThrow(/paired ratio: expected/);
});

test('rankTimes ranks what is told apart and nothing else', () => {
  const ranks = rankTimes(rounds(seededRandom(11), [1, 1.5, 1, 0.5], 16));
  expect(ranks[3]).toEqual({ rank: 1, sameAs: [] });
  expect(ranks[1]).toEqual({ rank: 4, sameAs: [] });
  expect(ranks[0]).toEqual({ sameAs: [2] });
  expect(ranks[2]).toEqual({ sameAs: [0] });
});

test('rankTimes: too few rounds rank nothing, however far apart', () => {
  expect(rankTimes([Array(5).fill(1), Array(5).fill(9)])).toEqual([{ sameAs: [1] }, { sameAs: [0] }]);
});

test('rankTimes: of four alike, chance makes an order in at most 5 of 100 benches', () => {
  const random = seededRandom(5);
  let orders = 0;
  for (let bench = 0; bench < 400; bench++) {
    const ranks = rankTimes(rounds(random, [1, 1, 1, 1], 12));
    if (ranks.some(({ sameAs }) => sameAs.length < 3)) orders++;
  }
  // 20 are expected at most; 3 standard deviations above that is 33.
  expect(orders).toBeLessThanOrEqual(33);
});
