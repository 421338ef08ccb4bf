import { ProtocolError, ShapeError, seededRandom } from '@retinabench/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hodgesLehmann } from '../../src/stats/hodges-lehmann.js';
import { judgeSlowdown, slowdownLooks } from '../../src/stats/sequential-slowdown.js';
import { signedRankTest } from '../../src/stats/signed-rank.js';

describe('signedRankTest', () => {
  it('counts out small samples: all three positive has probability 1/8', () => {
    expect(signedRankTest([1, 2, 3])).toEqual({ positiveRanks: 6, n: 3, pGreater: 1 / 8, pLess: 1 });
  });

  it('gives the p-values of scipy.stats.wilcoxon 1.x, exact', () => {
    const { pGreater, pLess } = signedRankTest([1.3, -0.4, 2.2, 0.7, -0.9, 3.1, 0.2, 1.8]);
    expect(pGreater).toBeCloseTo(0.0546875, 12);
    expect(pLess).toBeCloseTo(0.9609375, 12);
  });

  it('gives its p-values with ties and zeros (zero_method wilcox, correction)', () => {
    const { n, positiveRanks, pGreater, pLess } = signedRankTest([1, -1, 2, 2, -3, 4, 5, 5, -5, 6, 7, 0, 8]);
    expect([n, positiveRanks]).toEqual([12, 63.5]);
    expect(pGreater).toBeCloseTo(0.02957513808005156, 7);
    expect(pLess).toBeCloseTo(0.9753335264166293, 7);
  });

  it('gives its p-values on a large sample', () => {
    const values = Array.from({ length: 80 }, (_, i) => (((i + 1) * 7919) % 1000) / 1000 - 0.42);
    const { pGreater, pLess } = signedRankTest(values);
    expect(pGreater).toBeCloseTo(0.004082706767768282, 7);
    expect(pLess).toBeCloseTo(0.9959748000044291, 7);
  });

  it('swaps its p-values when all signs are turned', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 80 }), (values) => {
        const test = signedRankTest(values);
        const turned = signedRankTest(values.map((value) => -value));
        expect(turned.pGreater).toBeCloseTo(test.pLess, 12);
        expect(turned.pLess).toBeCloseTo(test.pGreater, 12);
      }),
      { seed: 3 },
    );
  });

  it('says nothing about zeros alone, and rejects what is not finite', () => {
    expect(signedRankTest([0, 0])).toMatchObject({ n: 0, pGreater: 1, pLess: 1 });
    expect(() => signedRankTest([1, Number.NaN])).toThrow(ShapeError);
  });
});

describe('hodgesLehmann', () => {
  it('is the median of the pairwise means', () => {
    // Means of 1, 2, 6: 1, 1.5, 3.5, 2, 4, 6; their median is (2 + 3.5) / 2.
    expect(hodgesLehmann([1, 2, 6]).estimate).toBe(2.75);
    const { estimate, interval } = hodgesLehmann([1.3, -0.4, 2.2, 0.7, -0.9, 3.1, 0.2, 1.8]);
    expect(estimate).toBeCloseTo(1, 12);
    // C = 18 - 1.96 sqrt(51) = 4.003: the fourth of the 36 means from either end. The smallest are -0.9,
    // (-0.9 - 0.4) / 2, -0.4 and (-0.9 + 0.2) / 2 = -0.35; the largest 3.1, (3.1 + 2.2) / 2, (3.1 + 1.8) / 2 and 2.2.
    expect(interval[0]).toBeCloseTo(-0.35, 12);
    expect(interval[1]).toBeCloseTo(2.2, 12);
  });

  // Shares of 2^n signs from the exact distribution of the signed-rank sum: 1 - 2 P(T < C), C = 1, 2, 4, 5, 8, 10.
  it.each([
    [6, 0.96875],
    [7, 0.96875],
    [8, 0.9609375],
    [9, 0.97265625],
    [10, 0.962890625],
    [11, 0.9677734375],
  ])('its interval of %i differences covers 0 for %d of all signs', (n, coverage) => {
    // Of different magnitudes, so that no mean of two is 0.
    const magnitudes = Array.from({ length: n }, (_, i) => 2 ** i + 0.1 * i);
    let covered = 0;
    for (let signs = 0; signs < 2 ** n; signs++) {
      const [low, high] = hodgesLehmann(magnitudes.map((value, i) => (signs & (1 << i) ? value : -value))).interval;
      if (low <= 0 && high >= 0) covered++;
    }
    expect(covered / 2 ** n).toBe(coverage);
  });
});

describe('judgeSlowdown', () => {
  const times = (pairs: number, factor: number) =>
    Array.from({ length: pairs }, (_, i) => factor * (20 + ((i * 37) % 11) / 100));

  it('decides at the first look where the difference is plain', () => {
    expect(judgeSlowdown(times(12, 1), times(12, 1))).toMatchObject({ verdict: 'not slower', change: 0 });
    expect(judgeSlowdown(times(12, 1), times(12, 1.1))).toMatchObject({ verdict: 'slower' });
    expect(judgeSlowdown(times(12, 1), times(12, 1.1)).change).toBeCloseTo(0.1, 12);
    expect(judgeSlowdown(times(12, 1), times(12, 0.5)).verdict).toBe('not slower');
  });

  it('passes a certain slowdown below the threshold', () => {
    const judgement = judgeSlowdown(times(12, 1), times(12, 1.02));
    expect(judgement.verdict).toBe('not slower');
    expect(judgement.pSlower).toBeLessThan(0.001);
  });

  it('asks for more pairs while it cannot tell, and gives up after the last look', () => {
    // The logarithms of the ratios spread evenly over 0.024 +- 0.5, half of the threshold in the middle.
    const undecided = (pairs: number) =>
      times(pairs, 1).map((ms, i) => ms * Math.exp(0.024 + ((i * 53) % 101) / 100 - 0.5));
    expect(judgeSlowdown(times(12, 1), undecided(12))).toMatchObject({ verdict: 'continue', nextPairs: 18 });
    const last = slowdownLooks[slowdownLooks.length - 1];
    expect(judgeSlowdown(times(last, 1), undecided(last)).verdict).toBe('inconclusive');
  });

  it('rejects what it cannot judge', () => {
    expect(() => judgeSlowdown(times(13, 1), times(13, 1))).toThrow(ShapeError);
    expect(() => judgeSlowdown(times(12, 1), times(18, 1))).toThrow(ShapeError);
    expect(() => judgeSlowdown(times(12, 0), times(12, 1))).toThrow(ShapeError);
    expect(() => judgeSlowdown(times(12, 1), times(12, 1), { threshold: 0 })).toThrow(ProtocolError);
  });
});

describe('judgeSlowdown on simulated noise: 4 % of each process, 5 % drifting, one in twenty up to half slower', () => {
  const random = seededRandom(20_261_124);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

  function series(effect: number): { base: number[]; head: number[] } {
    const pairs = slowdownLooks[slowdownLooks.length - 1];
    let drift = 0;
    const processMs = (factor: number): number => {
      drift = 0.8 * drift + 0.6 * 0.05 * normal();
      const spike = random() < 0.05 ? 1 + random() / 2 : 1;
      return 20 * factor * spike * Math.exp(0.04 * normal() + drift);
    };
    const base: number[] = [];
    const head: number[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      const headFirst = random() < 0.5;
      if (headFirst) head.push(processMs(1 + effect));
      base.push(processMs(1));
      if (!headFirst) head.push(processMs(1 + effect));
    }
    return { base, head };
  }

  function foundSlower(effect: number, runs: number): number {
    let found = 0;
    for (let run = 0; run < runs; run++) {
      const { base, head } = series(effect);
      for (const look of slowdownLooks) {
        const { verdict } = judgeSlowdown(base.slice(0, look), head.slice(0, look));
        if (verdict === 'slower') found++;
        if (verdict !== 'continue') break;
      }
    }
    return found;
  }

  it('raises at most 1 % false alarms', () => {
    expect(foundSlower(0, 1000)).toBeLessThanOrEqual(10);
  });

  it('finds at least 95 % of slowdowns of 10 %', () => {
    expect(foundSlower(0.1, 300)).toBeGreaterThanOrEqual(285);
  });

  it('finds at least 80 % of slowdowns of 5 %, the threshold', () => {
    expect(foundSlower(0.05, 300)).toBeGreaterThanOrEqual(240);
  });
});
