import { describe, expect, test } from 'vitest';
import { ShapeError } from '../../src/errors.js';
import { stratifiedSample } from '../../src/random/stratified-sample.js';

const strataOf = (counts: Record<string, number>): string[] =>
  Object.entries(counts).flatMap(([name, count]) => Array.from({ length: count }, () => name));

function countsOf(strata: readonly string[], chosen: readonly number[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const index of chosen) counts[strata[index]] = (counts[strata[index]] ?? 0) + 1;
  return counts;
}

describe('stratifiedSample', () => {
  test('gives each stratum its share, and what is left to the largest remainders', () => {
    const strata = strataOf({ a: 50, b: 30, c: 20 });
    // 10 of 100: 5, 3, 2. 13 of 100: 6.5, 3.9, 2.6 is 6, 3, 2 and two more for b (0.9) and c (0.6).
    expect(countsOf(strata, stratifiedSample(strata, 10, 1))).toEqual({ a: 5, b: 3, c: 2 });
    expect(countsOf(strata, stratifiedSample(strata, 13, 1))).toEqual({ a: 6, b: 4, c: 3 });
  });

  test('is ascending, without repetition, the same for a seed and another for another', () => {
    const strata = strataOf({ a: 40, b: 60 });
    const chosen = stratifiedSample(strata, 30, 7);
    expect(chosen).toEqual([...new Set(chosen)].sort((a, b) => a - b));
    expect(chosen).toHaveLength(30);
    expect(stratifiedSample(strata, 30, 7)).toEqual(chosen);
    expect(stratifiedSample(strata, 30, 8)).not.toEqual(chosen);
    expect(stratifiedSample(strata, 100, 7)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  test('every item is as likely as any other: over 4,000 seeds each of 20 is drawn within 4 deviations of its share', () => {
    const strata = strataOf({ a: 12, b: 8 });
    const drawn = new Float64Array(20);
    for (let seed = 0; seed < 4000; seed++) for (const index of stratifiedSample(strata, 5, seed)) drawn[index]++;
    // A quarter of 4,000 is 1,000; the deviation of a binomial is sqrt(4000 x 0.25 x 0.75) = 27.4.
    for (const count of drawn) expect(Math.abs(count - 1000)).toBeLessThan(4 * 27.4);
  });

  test.each([0, 1.5, 4, Number.NaN])('refuses to choose %s of 3', (count) => {
    expect(() => stratifiedSample(['a', 'a', 'b'], count, 1)).toThrow(ShapeError);
  });
});
