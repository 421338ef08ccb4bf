import { expect, test } from 'vitest';
import { timeRatio } from '../../src/decision/time-ratio.js';

const times = (median: number, mad: number, n: number) => ({
  total: { median, p95: 2 * median, mad, n },
  record: {},
});

test('is the ratio of the medians; relative half-widths add in quadrature on the logarithm', () => {
  // 1.96 x sqrt(pi / 2) x 1.4826 x 2 / sqrt(100) = 0.728399; of 20 that is 0.0364200, of 30 0.0242800 with MAD 2.
  // hypot(0.0364200, 0.0242800) = 0.0437714: 1.5 x e^-0.0437714 = 1.435759, 1.5 x e^0.0437714 = 1.567115.
  const { value, interval, needed } = timeRatio(times(20, 2, 100), times(30, 2, 100));
  expect(value).toBe(1.5);
  expect(interval[0]).toBeCloseTo(1.435759, 5);
  expect(interval[1]).toBeCloseTo(1.567115, 5);
  expect(needed).toBeUndefined();
});

test('says how many repetitions would tell a ratio whose interval holds 1', () => {
  // With n = 100, reach = hypot(0.03642, 0.03642 x 20 / 20.2) = 0.051250; ln 1.01 = 0.00995033.
  // (0.051250 / 0.00995033)^2 x 100 = 2653.
  const { needed } = timeRatio(times(20, 2, 100), times(20.2, 2, 100));
  expect(needed?.unit).toBe('repetitions');
  expect(needed?.count).toBeGreaterThan(2640);
  expect(needed?.count).toBeLessThan(2660);
});

test('no number of repetitions tells equal medians', () => {
  expect(timeRatio(times(20, 2, 100), times(20, 1, 100)).needed).toBeUndefined();
});

test('of one run it is by rounds: what slows both down for a while does not blur it', () => {
  // Rounds at 10, 20, 40, ... ms, the candidate always 1.1 times as long: every log ratio is ln 1.1, whatever the round.
  const rounds = [10, 20, 40, 10, 30, 50, 20];
  const of = (factor: number, benchRun: string) => ({
    total: { median: 20 * factor, p95: 50 * factor, mad: 10, n: 70, roundMedians: rounds.map((ms) => ms * factor) },
    record: { benchRun },
  });
  const { value, interval, paired } = timeRatio(of(1, 'x'), of(1.1, 'x'));
  expect(paired).toBe(true);
  expect(value).toBeCloseTo(1.1, 12);
  expect(interval[0]).toBeCloseTo(1.1, 12);
  expect(interval[1]).toBeCloseTo(1.1, 12);
  // Of two runs the rounds say nothing: the intervals of the medians are wide.
  const apart = timeRatio(of(1, 'x'), of(1.1, 'y'));
  expect(apart.paired).toBe(false);
  expect(apart.interval[0]).toBeLessThan(1);
});
