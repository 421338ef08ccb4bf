import { expect, test } from 'vitest';
import { drawUnits, resample, seededRandom } from '../../src/index.js';

/** Numbers in turn. */
function inTurn(numbers: readonly number[]): () => number {
  let at = 0;
  return () => numbers[at++];
}

test('drawUnits counts floor(random x units) as often as there are units', () => {
  // 0.1 x 3 -> 0, 0.99 x 3 -> 2, 0.67 x 3 = 2.01 -> 2.
  const counts = Uint32Array.of(7, 7, 7);
  expect(drawUnits(counts, inTurn([0.1, 0.99, 0.67]))).toBe(counts);
  expect([...counts]).toEqual([1, 0, 2]);
});

test('a draw that has no statistic is made again, with the numbers that follow', () => {
  const seen: [number[], number][] = [];
  // Of two units: (0, 0), refused; (1, 1); (0, 1).
  resample(2, 2, inTurn([0, 0, 0.5, 0.5, 0, 0.5]), (counts, index) => {
    if (counts[1] === 0) return false;
    seen.push([[...counts], index]);
    return true;
  });
  expect(seen).toEqual([
    [[0, 2], 0],
    [[1, 1], 1],
  ]);
});

test('each unit is drawn once on average, with the variance 1 - 1 / n of the multinomial distribution', () => {
  const [units, resamples] = [10, 20000];
  let [sum, squares] = [0, 0];
  resample(units, resamples, seededRandom(5), (counts) => {
    expect(counts.reduce((total, count) => total + count, 0)).toBe(units);
    sum += counts[3];
    squares += (counts[3] - 1) ** 2;
    return true;
  });
  // Standard errors: 0.95 / sqrt(20000) = 0.007 and about 0.02 (kurtosis of the binomial distribution); five of them.
  expect(Math.abs(sum / resamples - 1)).toBeLessThan(0.035);
  expect(Math.abs(squares / resamples - 0.9)).toBeLessThan(0.08);
});
