import { seededRandom } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { poissonArrivals, steadyArrivals } from '../../src/bench/arrivals.js';
import { type Clock, serveArrivals } from '../../src/bench/serve-arrivals.js';
import { findServerRate, mostLateOf } from '../../src/bench/server-rate.js';

/** A clock that moves by waiting and by work alone. */
function virtualClock(): Clock & { work(ms: number): Promise<void> } {
  let nowMs = 1000;
  return {
    nowMs: () => nowMs,
    until: async (atMs) => {
      nowMs = Math.max(nowMs, atMs);
    },
    work: async (ms) => {
      nowMs += ms;
    },
  };
}

describe('poissonArrivals', () => {
  test('have the mean and the spread of exponential gaps, and the same seed gives the same', () => {
    const arrivals = poissonArrivals(50, 20_000, seededRandom(1));
    expect(arrivals).toEqual(poissonArrivals(50, 20_000, seededRandom(1)));
    const gaps = arrivals.map((at, index) => at - (arrivals[index - 1] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0);
    const mean = arrivals[arrivals.length - 1] / gaps.length;
    // 20 ms, standard error 20 / sqrt(20,000) = 0.14.
    expect(Math.abs(mean - 20)).toBeLessThan(0.5);
    // The standard deviation of an exponential distribution is its mean, and 1 / e of it lies above the mean.
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    expect(Math.abs(deviation / mean - 1)).toBeLessThan(0.04);
    expect(gaps.filter((gap) => gap > mean).length / gaps.length).toBeCloseTo(1 / Math.E, 1.5);
  });

  test('at twice the rate the same draws come in half the time', () => {
    const slow = poissonArrivals(10, 100, seededRandom(4));
    poissonArrivals(20, 100, seededRandom(4)).forEach((at, index) => {
      expect(at).toBeCloseTo(slow[index] / 2, 9);
    });
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuse a rate of %d', (rate) => {
    expect(() => poissonArrivals(rate, 1, Math.random)).toThrow(/arrivals: expected a rate above 0/);
    expect(() => steadyArrivals(rate, 1)).toThrow(/arrivals: expected a rate above 0/);
  });
});

describe('serveArrivals', () => {
  test('a hand-worked queue: who comes while another is worked on waits, and its wait counts', async () => {
    const clock = virtualClock();
    // Work of 10 ms. 0: done at 10. 4: begins at 10, done at 20, 16 ms. 12: begins at 20, done at 30, 18 ms. 50: 10 ms.
    const plan = { arrivalsMs: [0, 4, 12, 50], boundMs: 17, whileBusy: 'wait' } as const;
    expect(await serveArrivals(plan, () => clock.work(10), clock)).toEqual({
      latenciesMs: [10, 16, 18, 10],
      late: 1,
      dropped: 0,
      stopped: false,
    });
  });

  test('a hand-worked stream: a frame that comes while another is worked on is dropped', async () => {
    const clock = virtualClock();
    const lengthsMs = [10, 25, 10, 20];
    // Every 20 ms. 0: 10 ms. 20: done at 45, late. 40: dropped. 60: 10 ms. 80: done at 100, exactly a frame, in time.
    const plan = { arrivalsMs: steadyArrivals(50, 5), boundMs: 20, whileBusy: 'drop' } as const;
    expect(await serveArrivals(plan, () => clock.work(lengthsMs.shift() ?? 0), clock)).toEqual({
      latenciesMs: [10, 25, 10, 20],
      late: 1,
      dropped: 1,
      stopped: false,
    });
  });

  test('stops once more were late than may be', async () => {
    const clock = virtualClock();
    const plan = { arrivalsMs: [0, 1, 2, 3, 4], boundMs: 25, whileBusy: 'wait', mostLate: 1 } as const;
    const { latenciesMs, stopped } = await serveArrivals(plan, () => clock.work(10), clock);
    expect([latenciesMs, stopped]).toEqual([[10, 19, 28, 37], true]);
  });

  test('waits as queueing theory says: half of the capacity used and work of constant length', async () => {
    const clock = virtualClock();
    const arrivalsMs = poissonArrivals(50, 40_000, seededRandom(9));
    const plan = { arrivalsMs, boundMs: 1e9, whileBusy: 'wait' } as const;
    const { latenciesMs } = await serveArrivals(plan, () => clock.work(10), clock);
    const mean = latenciesMs.reduce((sum, ms) => sum + ms, 0) / latenciesMs.length;
    // Pollaczek and Khinchine: the wait is rho s / (2 (1 - rho)) = 0.5 x 10 / 1 = 5 ms, and the work 10 ms.
    expect(Math.abs(mean - 15)).toBeLessThan(0.4);
  });
});

describe('findServerRate', () => {
  test.each([
    // Samples that show 99 % with 95 % confidence: 299 without a miss, 473 with one, 628 with two (tables of Wilks, 1941).
    [298, undefined],
    [299, 0],
    [472, 0],
    [473, 1],
    [627, 1],
    [628, 2],
  ])('of %d queries at most %j may be late', (queries, late) => {
    expect(mostLateOf(queries)).toBe(late);
  });

  const served = (stopped: boolean) => ({ latenciesMs: [1], late: 0, dropped: 0, stopped });

  test('finds the highest rate that holds, to a 64th of the capacity, and never one that does not', async () => {
    for (const limit of [1.3, 20, 37.2, 63.9]) {
      const { perSecond } = await findServerRate(64, async (rate) => served(rate > limit));
      expect(perSecond).toBeLessThanOrEqual(limit);
      expect(perSecond).toBeGreaterThan(limit - 1.0001);
    }
  });

  test('where none holds the rate is 0', async () => {
    expect(await findServerRate(64, async () => served(true))).toEqual({ perSecond: 0, served: served(true) });
  });
});
