import { ShapeError, seededRandom } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { drawsDifference } from '../../src/stats/draws-difference.js';

describe('drawsDifference(runs)', () => {
  it('is Student t times the standard deviation of the differences around the difference', () => {
    // Differences 0.01, 0.02, 0.03, 0.04: deviation sqrt(5 / 3) / 100; t of 10 degrees of freedom at 95 % is 2.228139.
    const runs = {
      baseline: 0.5,
      candidate: 0.52,
      baselineDraws: [0.5, 0.4, 0.6, 0.5],
      candidateDraws: [0.51, 0.42, 0.63, 0.54],
      units: 11,
    };
    const { difference, interval, standardError, differing, few, pValue } = drawsDifference(runs);
    expect(difference).toBeCloseTo(0.02, 12);
    expect(standardError).toBeCloseTo(Math.sqrt(5 / 3) / 100, 12);
    expect(interval[0]).toBeCloseTo(0.02 - (2.228139 * Math.sqrt(5 / 3)) / 100, 7);
    expect(interval[1]).toBeCloseTo(0.02 + (2.228139 * Math.sqrt(5 / 3)) / 100, 7);
    expect({ differing, few }).toEqual({ differing: 11, few: false });
    // The end of the 95 % interval has p-value 0.05, the difference itself 1.
    expect(pValue?.(interval[1])).toBeCloseTo(0.05, 6);
    expect(pValue?.(difference)).toBe(1);
  });

  it('takes up to 3 of the units to have been missed where no draw differs', () => {
    const draws = [0.9, 0.8];
    const at = (value: number, units: number) =>
      drawsDifference({ baseline: value, candidate: value, baselineDraws: draws, candidateDraws: draws, units })
        .interval;
    expect(at(0.9, 100)).toEqual([-0.03, 0.03]);
    expect(at(0.99, 100)).toEqual([-0.03, 1 - 0.99]);
    expect(at(0.5, 2)).toEqual([-0.5, 0.5]);
    const same = { baseline: 0.9, candidate: 0.9, baselineDraws: draws, candidateDraws: draws, units: 100 };
    expect(drawsDifference(same)).toMatchObject({ differing: 0, standardError: 0 });
  });

  it('reaches as far as the draws where about three units or fewer make up the difference', () => {
    // One of 40 subjects loses its pairs, 0.05 of all: a draw loses as often as it was drawn.
    const random = seededRandom(3);
    const losses = Array.from({ length: 400 }, () => {
      const drawn = Array.from({ length: 40 }, () => Math.floor(random() * 40)).filter((subject) => subject === 0);
      return 0.05 * drawn.length;
    });
    const { interval, differing, few, pValue } = drawsDifference({
      baseline: 0.9,
      candidate: 0.85,
      baselineDraws: losses.map(() => 0.9),
      candidateDraws: losses.map((loss) => 0.9 - loss),
      units: 40,
    });
    expect({ differing, few, pValue }).toEqual({ differing: 1, few: true, pValue: undefined });
    expect(interval[0]).toBeLessThan(-0.15);
    // It was not drawn in a third of the draws, so that no loss cannot be excluded.
    expect(interval[1]).toBeGreaterThan(0);
  });

  it('refuses runs of different numbers of draws', () => {
    const runs = { baseline: 0, candidate: 0, baselineDraws: [0, 0], candidateDraws: [0], units: 3 };
    expect(() => drawsDifference(runs)).toThrow(ShapeError);
  });
});
