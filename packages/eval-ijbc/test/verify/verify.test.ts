import { DatasetError, ShapeError, seededRandom } from '@retinabench/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pickPoints, thresholdRules } from '../../src/verify/pick.js';
import { radixOrder } from '../../src/verify/radix-order.js';
import { RankedScores } from '../../src/verify/ranked-scores.js';
import { computeRoc, type Roc } from '../../src/verify/roc.js';
import { areaUnderRoc, equalErrorRate, scoreHistogram, thinRoc } from '../../src/verify/summary.js';
import { verify } from '../../src/verify/verify.js';

/** Pairs from the highest score down: 1 genuine, 0 impostor; scores in the same order. */
function rocOf(scores: readonly number[], labels: readonly number[]) {
  const values = Float64Array.from(scores);
  return { roc: computeRoc(new RankedScores(values), values, Uint8Array.from(labels)) };
}

/** All points of a ROC, from the one where nothing is accepted to the last. */
function pointsOf(roc: Roc): number[] {
  const points = [0];
  while (points[points.length - 1] < roc.last) points.push(roc.next(points[points.length - 1]));
  return points;
}

const scored = fc
  .array(fc.tuple(fc.integer({ min: -8, max: 8 }), fc.boolean()), { minLength: 2, maxLength: 60 })
  .filter((rows) => rows.some(([, genuine]) => genuine) && rows.some(([, genuine]) => !genuine));

describe('RankedScores and radixOrder', () => {
  it('orders as a stable comparison sort does, whatever the values', () => {
    const value = fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(0, 1, -1, 5e-324, -5e-324, 1e308, -1e308));
    fc.assert(
      fc.property(fc.array(value), (values) => {
        const scores = Float64Array.from(values, (score) => score + 0);
        const expected = [...scores.keys()].sort((a, b) => scores[b] - scores[a] || a - b);
        expect([...radixOrder(scores)]).toEqual(expected);
        const ranked = new RankedScores(scores);
        expect([...ranked.orderUntil(scores.length)]).toEqual(expected);
        expect(expected.map((_, rank) => ranked.scoreAt(rank))).toEqual(expected.map((index) => scores[index]));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('orders many scores, in buckets of few and of many, from any rank on', () => {
    const random = seededRandom(2);
    // Half of the scores lie in a millionth of the range, and many are equal.
    const scores = Float64Array.from({ length: 20_000 }, (_, i) =>
      i % 2 === 0 ? Math.floor(random() * 1000) / 1e9 : random() * 2 - 1,
    );
    const expected = [...scores.keys()].sort((a, b) => scores[b] - scores[a] || a - b);
    const ranked = new RankedScores(scores);
    for (const rank of [9999, 0, 19_999, 7000, 12_345]) expect(ranked.indexAt(rank)).toBe(expected[rank]);
    expect([...ranked.orderUntil(500).subarray(0, 500)]).toEqual(expected.slice(0, 500));
    expect([...ranked.orderUntil(20_000)]).toEqual(expected);
  });
});

describe('computeRoc(scores, labels, order)', () => {
  it('has one point per distinct score, equal scores accepted together', () => {
    // 0.9 genuine | 0.5 genuine and impostor | 0.1 impostor
    const { roc } = rocOf([0.5, 0.9, 0.5, 0.1], [1, 1, 0, 0]);
    const points = pointsOf(roc);
    expect(points.map((point) => roc.trueAccepts(point))).toEqual([0, 1, 2, 2]);
    expect(points.map((point) => roc.falseAccepts(point))).toEqual([0, 0, 1, 2]);
    expect(points.slice(1).map((point) => roc.threshold(point))).toEqual([0.9, 0.5, 0.1]);
    expect(points.slice(1).map((point) => roc.previous(point))).toEqual(points.slice(0, -1));
    const nothing = roc.threshold(0);
    expect(nothing).toBeGreaterThan(0.9);
    expect((nothing + 0.9) / 2 === 0.9 || (nothing + 0.9) / 2 === nothing).toBe(true);
  });

  it('refuses pairs of one kind, and labels of another number', () => {
    expect(() => rocOf([1, 2], [1, 1])).toThrow(DatasetError);
    expect(() => rocOf([1, 2], [1])).toThrow(ShapeError);
  });
});

describe('pickPoints(roc, targets, rule)', () => {
  // Ten impostors and two genuine pairs: G I I G I I I I I I I I. FAR after each impostor: 0.1, 0.2, ...
  const { roc } = rocOf([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1], [1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  const picked = (target: number, rule: 'nearest' | 'nearest-all' | 'not-above') => {
    const [point] = pickPoints(roc, [target], rule);
    return [roc.falseAccepts(point), roc.trueAccepts(point)];
  };

  it('nearest-all takes the nearest FAR, of equal distances the last point', () => {
    expect(picked(0.26, 'nearest-all')).toEqual([3, 2]);
    expect(picked(0.2, 'nearest-all')).toEqual([2, 2]);
    expect(picked(0.25, 'nearest-all')).toEqual([3, 2]);
  });

  it('not-above never exceeds the target', () => {
    expect(picked(0.29, 'not-above')).toEqual([2, 2]);
    expect(picked(0.05, 'not-above')).toEqual([0, 1]);
    expect(picked(1, 'not-above')).toEqual([10, 2]);
  });

  it('nearest leaves out points between equal steps, as the public library does', () => {
    // After the last genuine pair impostors come one by one: of those points only (2, 2), where the steps change, and
    // the last, (10, 2), are kept; 0.55 lies nearer to 0.2.
    expect(picked(0.55, 'nearest')).toEqual([2, 2]);
    expect(picked(0.65, 'nearest')).toEqual([10, 2]);
    expect(picked(0.55, 'nearest-all')).toEqual([6, 2]);
  });

  it('equals the literal steps of the library and the public script', () => {
    fc.assert(
      fc.property(scored, fc.double({ min: 0, max: 1, noNaN: true }), (rows, target) => {
        const { roc } = rocOf(
          rows.map(([score]) => score),
          rows.map(([, genuine]) => Number(genuine)),
        );
        const all = pointsOf(roc)
          .slice(1)
          .map((i) => ({ fps: roc.falseAccepts(i), tps: roc.trueAccepts(i), i }));
        const steps = (i: number, key: 'fps' | 'tps') => all[i + 1][key] - 2 * all[i][key] + all[i - 1][key];
        const kept = all.filter(
          (_, i) => i === 0 || i === all.length - 1 || steps(i, 'fps') !== 0 || steps(i, 'tps') !== 0,
        );
        for (const [rule, points] of [
          ['nearest', kept],
          ['nearest-all', all],
        ] as const) {
          const reversed = [{ fps: 0, tps: 0, i: 0 }, ...points].reverse();
          const distances = reversed.map(({ fps }) => Math.abs(fps / roc.impostors - target));
          const argmin = distances.indexOf(Math.min(...distances));
          expect(pickPoints(roc, [target], rule)).toEqual([reversed[argmin].i]);
        }
      }),
      { seed: 12, numRuns: 500 },
    );
  });

  it('keeps TAR when scores are rescaled monotonically, and not-above never exceeds its target', () => {
    fc.assert(
      fc.property(scored, (rows) => {
        const labels = rows.map(([, genuine]) => Number(genuine));
        const plain = rocOf(
          rows.map(([score]) => score),
          labels,
        ).roc;
        const rescaled = rocOf(
          rows.map(([score]) => Math.exp(score / 3)),
          labels,
        ).roc;
        for (const rule of thresholdRules) {
          expect(pickPoints(rescaled, [0.01, 0.1], rule)).toEqual(pickPoints(plain, [0.01, 0.1], rule));
        }
        const [point] = pickPoints(plain, [0.1], 'not-above');
        expect(plain.falseAccepts(point) / plain.impostors).toBeLessThanOrEqual(0.1);
      }),
      { seed: 4 },
    );
  });
});

describe('summaries of a ROC', () => {
  it('area: share of genuine-impostor combinations in order, ties half', () => {
    fc.assert(
      fc.property(scored, (rows) => {
        let wins = 0;
        let combinations = 0;
        for (const [a, genuine] of rows) {
          for (const [b, other] of rows) {
            if (!genuine || other) continue;
            combinations++;
            wins += a > b ? 1 : a === b ? 0.5 : 0;
          }
        }
        const { roc } = rocOf(
          rows.map(([score]) => score),
          rows.map(([, genuine]) => Number(genuine)),
        );
        expect(areaUnderRoc(roc)).toBeCloseTo(wins / combinations, 12);
      }),
      { seed: 6 },
    );
  });

  it('equal error rate: G I G I has 1 of 2 impostors accepted as 1 of 2 genuine pairs is rejected', () => {
    expect(equalErrorRate(rocOf([4, 3, 2, 1], [1, 0, 1, 0]).roc)).toBe(0.5);
    expect(equalErrorRate(rocOf([4, 3, 2, 1], [1, 1, 0, 0]).roc)).toBe(0);
    expect(equalErrorRate(rocOf([4, 3, 2, 1], [0, 0, 1, 1]).roc)).toBe(1);
    // One tie of all four: the line from (0, 0) to (1, 1) meets FAR = 1 - TAR at 0.5.
    expect(equalErrorRate(rocOf([1, 1, 1, 1], [1, 0, 1, 0]).roc)).toBe(0.5);
  });

  it('histogram: bins of equal width, the highest score in the last', () => {
    const result = scoreHistogram(Float64Array.of(0, 0.24, 0.25, 1), Uint8Array.of(0, 0, 1, 1), 4);
    expect(result).toEqual({ low: 0, high: 1, genuine: [0, 1, 0, 1], impostor: [2, 0, 0, 0] });
    expect(scoreHistogram(Float64Array.of(2, 2), Uint8Array.of(0, 1), 2).genuine).toEqual([1, 0]);
  });

  it('thinned ROC: begins at FAR 0 and ends at (1, 1), both rates ascending, every point one of the ROC', () => {
    const random = seededRandom(8);
    const labels = Array.from({ length: 5000 }, () => Number(random() < 0.1));
    const { roc } = rocOf(
      labels.map((label) => random() + label * 0.4),
      labels,
    );
    const { far, tar } = thinRoc(roc, 10);
    const points = pointsOf(roc);
    expect(far[0]).toBe(0);
    expect([far.at(-1), tar.at(-1)]).toEqual([1, 1]);
    expect(far.length).toBeLessThan(60);
    for (let i = 1; i < far.length; i++) {
      expect(far[i]).toBeGreaterThan(far[i - 1]);
      expect(tar[i]).toBeGreaterThanOrEqual(tar[i - 1]);
      const accepted = Math.round(far[i] * roc.impostors);
      const last = points.findLast((point) => roc.falseAccepts(point) === accepted);
      expect(tar[i]).toBe(roc.trueAccepts(last!) / roc.genuine);
    }
  });
});

describe('verify(scores, labels)', () => {
  it('gives achieved FAR, the impostor pairs that decide it and their interval for every target and rule', () => {
    const labels = Uint8Array.from({ length: 30 }, (_, i) => Number(i % 3 === 0));
    const scores = Float64Array.from({ length: 30 }, (_, i) => 30 - i);
    const result = verify(scores, labels);
    expect([result.genuine, result.impostors]).toEqual([10, 20]);
    // FAR 0.1 of 20: two impostors, pairs 1 and 2; genuine pairs 0 and 3 come before the third impostor, pair 4.
    const { interval, ...expected } = result.tar['not-above']['1e-1'];
    expect(interval).toBeUndefined();
    expect(expected).toMatchObject({ tar: 0.2, achievedFar: 0.1, threshold: 27, impostors: 2 });
    // Clopper-Pearson of 2 in 20 from scipy: beta.ppf(0.025, 2, 19), beta.ppf(0.975, 3, 18).
    expect(expected.farInterval![0]).toBeCloseTo(0.012348527170295, 9);
    expect(expected.farInterval![1]).toBeCloseTo(0.3169827140190823, 9);
    expect(result.tar['not-above']['1e-6']).toMatchObject({ tar: 0.1, achievedFar: 0, impostors: 0, threshold: 30 });
  });
});
