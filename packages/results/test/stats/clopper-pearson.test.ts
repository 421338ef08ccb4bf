import { describe, expect, it } from 'vitest';
import { betaDistribution, betaQuantile } from '../../src/stats/beta.js';
import { clopperPearsonInterval } from '../../src/stats/clopper-pearson.js';

describe('betaDistribution(x, a, b)', () => {
  // The first by hand: I_0.3(2, 5) = P(at least 2 of 6 trials with p = 0.3) = 1 - 0.7^6 - 6 * 0.3 * 0.7^5 = 0.579825.
  // The others from scipy.special.betainc (SciPy 1.x).
  it.each([
    [0.3, 2, 5, 0.579825],
    [0.5, 0.5, 0.5, 0.5],
    [1e-6, 16, 15_638_917, 0.4970704537173282],
    [0.9, 40, 3, 0.19510765482693676],
    [0.1, 1_563_893, 14_075_039, 0.5001569249723226],
    [0, 2, 3, 0],
    [1, 2, 3, 1],
  ])('I_%d(%d, %d) = %d', (x, a, b, expected) => {
    expect(betaDistribution(x, a, b)).toBeCloseTo(expected, 8);
  });

  // From 60 digits of mpmath 1.4.1: the continued fraction 26.5.8 with its own front factor.
  it.each([
    [0.5, 16, 16, 0.5],
    [0.49, 1000, 1000, 0.18555265943151145],
    [0.33, 1e4, 2e4, 0.11020551912741972],
    [0.2501, 1e6, 3e6, 0.6779706661699144],
    [0.3333, 5e6, 1e7, 0.39211724789882757],
    [0.50001, 1e8, 1e8, 0.6113512944800703],
    [0.4999, 1e8, 1e8, 0.002338867309689789],
    [0.999999, 1e8, 100, 0.4866972354370343],
    [0.0000031, 300, 1e8, 0.7225066238888098],
    [1e-7, 17, 1e8, 0.02704163799324488],
    [0.0000014, 16, 15_638_932, 0.9199767685105721],
    [0.9999638788234145, 2930.83530602259, 0.017154894910735474, 0.030140006376775347],
    [0.22101645056231803, 8383544.594575819, 29548773.61443492, 0.519026224791399],
  ])('I_%d(%d, %d) = %d to twelve digits', (x, a, b, expected) => {
    expect(Math.abs(betaDistribution(x, a, b) / expected - 1)).toBeLessThan(2e-12);
  });

  it('is turned around by betaQuantile', () => {
    for (const p of [0.025, 0.3, 0.975]) expect(betaDistribution(betaQuantile(p, 3, 9), 3, 9)).toBeCloseTo(p, 12);
  });
});

describe('clopperPearsonInterval(successes, trials)', () => {
  // scipy.stats.beta.ppf; 16 in 15,638,932 is what decides FAR 1e-6 of IJB-C.
  it.each([
    [0, 10, 0, 0.3084971078187607],
    [10, 10, 0.6915028921812392, 1],
    [3, 10, 0.06673951117773447, 0.6524528500599973],
    [16, 15_638_932, 5.847831658506328e-7, 1.6614299047512961e-6],
    [156, 15_638_932, 8.471206263067484e-6, 1.1669028004782129e-5],
    [1_563_893, 15_638_932, 0.09985134476288961, 0.10014877775863397],
    [1, 1, 0.025, 1],
  ])('%d of %d: [%d, %d]', (successes, trials, low, high) => {
    const interval = clopperPearsonInterval(successes, trials);
    expect(Math.abs(interval[0] - low)).toBeLessThanOrEqual(low * 1e-7);
    expect(Math.abs(interval[1] - high)).toBeLessThanOrEqual(high * 1e-7);
  });

  it('refuses counts that are no proportion', () => {
    expect(() => clopperPearsonInterval(3, 2)).toThrow('got 3 in 2');
    expect(() => clopperPearsonInterval(0, 0)).toThrow('got 0 in 0');
    expect(() => clopperPearsonInterval(0.5, 2)).toThrow('got 0.5 in 2');
  });
});
