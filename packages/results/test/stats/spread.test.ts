import { ShapeError } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { holm } from '../../src/stats/holm.js';
import { centralSums, reach, spreadOf } from '../../src/stats/spread.js';
import { twoSidedT, twoSidedTail } from '../../src/stats/student-t.js';
import { tellableLoss, unitsToDecide } from '../../src/stats/units-to-decide.js';
import { upperNormal } from '../../src/stats/upper-normal.js';

describe('twoSidedT', () => {
  it('gives the quantiles of SciPy, whole and broken degrees of freedom', () => {
    // scipy 1.17.1: scipy.stats.t.isf(alpha / 2, df)
    for (const [alpha, df, expected] of [
      [0.05, 3.7, 2.8675207071911903],
      [0.01, 8.25, 3.3260508358272842],
      [0.05, 825, 1.962843616296085],
    ]) {
      expect(twoSidedT(alpha, df)).toBeCloseTo(expected, 9);
      expect(twoSidedTail(expected, df)).toBeCloseTo(alpha, 10);
    }
  });

  it('gives the tails of SciPy, also small ones', () => {
    // scipy 1.17.1: 2 * scipy.stats.t.sf(t, df)
    expect(twoSidedTail(2.5, 3.7) / 0.07182202291182678).toBeCloseTo(1, 9);
    expect(twoSidedTail(9, 29.5) / 5.836819431086861e-10).toBeCloseTo(1, 7);
  });
});

describe('upperNormal', () => {
  it('gives the 2.5 % and 16 % tails of a standard normal', () => {
    expect(upperNormal(1.959963985)).toBeCloseTo(0.025, 8);
    expect(upperNormal(-1)).toBeCloseTo(0.8413447461, 7);
  });

  it('is at most 1/2 above 0, so that twice it is a p-value', () => {
    for (let z = 0; z < 1e-4; z += 1e-8) expect(upperNormal(z)).toBeLessThanOrEqual(0.5);
    expect(upperNormal(0)).toBe(0.5);
  });
});

describe('spreadOf', () => {
  it('follows from the power sums', () => {
    // -2, 0, 0, 2 and 16 zeros, mean 0: sums of squares 8, cubes 0, fourth powers 32. Standard error sqrt(8 * 20 / 19),
    // kurtosis 20 * 32 / 64 = 10, degrees of freedom 2 * 20 / 9 = 4.444.
    const sums = centralSums([-2, 2, ...Array(18).fill(0)]);
    expect(sums).toEqual({ second: 8, third: 0, fourth: 32 });
    const spread = spreadOf(sums, 20);
    expect(spread.standardError).toBeCloseTo(Math.sqrt(160 / 19), 12);
    expect(spread.degreesOfFreedom).toBeCloseTo(40 / 9, 12);
    // With the kurtosis less 1 to the power 1.2: 40 / 9^1.2 = 2.86, and no fewer than 3.
    expect(spreadOf(sums, 20, 1.2).degreesOfFreedom).toBe(3);
  });

  it('is infinite for one unit and none for equal units', () => {
    expect(spreadOf(centralSums([5]), 1).standardError).toBe(Number.POSITIVE_INFINITY);
    expect(spreadOf(centralSums([0.5, 0.5, 0.5]), 3).standardError).toBe(0);
  });
});

describe('reach', () => {
  it('is t standard errors on both sides without skewness', () => {
    expect(reach({ standardError: 2, skewness: 0, degreesOfFreedom: 9 }, 2)).toEqual([4, 4]);
  });

  it("lengthens the skewed side to where Hall's cubic is t, by half at most, and shortens none", () => {
    const skewness = -0.2;
    const [below, above] = reach({ standardError: 1, skewness, degreesOfFreedom: 9 }, 2);
    // g(x) = x + a x^2 + a^2 x^3 / 3 + s / 6 with a = s / 3: the end of the interval is where g is t.
    const a = skewness / 3;
    expect(below + a * below ** 2 + (a * a * below ** 3) / 3 + skewness / 6).toBeCloseTo(2, 12);
    expect(below).toBeGreaterThan(2);
    expect(above).toBe(2);
    expect(reach({ standardError: 1, skewness: 0.6, degreesOfFreedom: 9 }, 2)).toEqual([2, 3]);
  });
});

describe('unitsToDecide', () => {
  it('projects from the spread: twice as sharp takes four times the units', () => {
    // 2.802 standard errors of 0.01 are told from none, 4 times in 5: 0.02802. For 0.002: 100 * 14.01^2 = 19,628.
    const tells = tellableLoss(0.01);
    expect(tells).toBeCloseTo(0.02802, 10);
    expect(unitsToDecide({ difference: 0, count: 100, tells }, 0.002)).toBe(20_000);
    expect(unitsToDecide({ difference: 0, count: 100, tells }, 0.004)).toBe(5_000);
  });

  it('asks for few where what was seen lies far from the largest allowed loss', () => {
    // -0.03 is 0.028 from the 0.002 allowed: 100 * (0.02802 / 0.028)^2 = 100.1, and more than the 100 compared.
    expect(unitsToDecide({ difference: -0.03, count: 100, tells: 0.02802 }, 0.002)).toBe(110);
  });

  it('asks for more where the loss seen lies near the largest allowed one', () => {
    // Told from none already; between -0.045 and -0.04 lie 0.005: 100 * (0.02802 / 0.005)^2 = 3,140.
    expect(unitsToDecide({ difference: -0.045, count: 100, tells: 0.02802 }, 0.04)).toBe(3_200);
  });

  it('has no answer where nothing is allowed and nothing was seen', () => {
    expect(unitsToDecide({ difference: 0, count: 100, tells: 0.02802 }, 0)).toBeUndefined();
  });
});

describe('holm', () => {
  it('gives what p.adjust(p, "holm") of R gives, in the order of the input', () => {
    // Sorted 0.005, 0.01, 0.03, 0.04 times 4, 3, 2, 1: 0.02, 0.03, 0.06, 0.04; made non-decreasing: 0.02, 0.03, 0.06, 0.06.
    const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
    [0.03, 0.06, 0.06, 0.02].forEach((value, index) => {
      expect(adjusted[index]).toBeCloseTo(value, 12);
    });
    expect([...holm([0.9, 0.8])]).toEqual([1, 1]);
    expect([...holm([])]).toEqual([]);
  });

  it('keeps the chance of any false rejection among 20 true hypotheses at 5 %', () => {
    let state = 1;
    const random = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    let tables = 0;
    for (let table = 0; table < 2000; table++) {
      if (holm(Array.from({ length: 20 }, random)).some((p) => p < 0.05)) tables++;
    }
    // 1 - 0.9975^20 = 4.9 %; 2,000 tables give it within 1.5 points. Without Holm it would be 1 - 0.95^20 = 64 %.
    expect(tables / 2000).toBeLessThan(0.065);
    expect(tables / 2000).toBeGreaterThan(0.03);
  });

  it('refuses what is no p-value', () => {
    expect(() => holm([0.1, Number.NaN])).toThrow(ShapeError);
  });
});
