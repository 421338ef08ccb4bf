import { seededRandom } from '@retinabench/core';
import { expect, test } from 'vitest';
import { asGiven } from '../../../src/diagnosis/search/box-reading.js';
import type { SampleImage } from '../../../src/diagnosis/search/sample.js';
import { scoreReading } from '../../../src/diagnosis/search/score-reading.js';
import { scoreShifted } from '../../../src/diagnosis/search/score-shifted.js';

test('a box 3 px left of its face overlaps it wholly once it is shifted by 3', () => {
  const sample: SampleImage[] = [{ name: 'a', facesXywh: Float64Array.of(10, 10, 9, 9), boxes: new Float64Array(0) }];
  const scoreAt = scoreShifted(sample, [Float64Array.of(7, 10, 9, 9)]);
  expect(scoreAt(3, 0).overlap).toBe(1);
  // With sides of 10 pixels, 7 x 10 of them in both: 70 / (100 + 100 - 70).
  expect(scoreAt(0, 0).overlap).toBe(70 / 130);
  // 4 x 10 in both give 40 / 160, which finds no face.
  expect(scoreAt(-3, 0).overlap).toBe(0);
});

test('is to the last bit what scoreReading gives, near a shift tried before and far from it, for boxes of any sides, negative and NaN ones among them', () => {
  const random = seededRandom(3);
  const side = (): number => 2 ** (1 + 6 * random()) * (random() < 0.05 ? -1 : 1);
  const box = (): number[] => [60 * random(), 60 * random(), side(), random() < 0.01 ? Number.NaN : side()];
  const sample: SampleImage[] = Array.from({ length: 40 }, (_, image) => ({
    name: String(image),
    facesXywh: Float64Array.from(
      Array.from({ length: 12 }, box).flatMap(([x, y, w]) => [x, y, Math.abs(w), Math.abs(w)]),
    ),
    boxes: Float64Array.from(Array.from({ length: 60 }, box).flat()),
  }));
  const laidOut = sample.map(({ boxes }) => boxes);
  const scoreAt = scoreShifted(sample, laidOut);
  for (const [x, y] of [
    [0, 0],
    [4, 0],
    [8, -8],
    [8.5, -8],
    [1, -1],
    [-13, 7],
    [0.5, -60],
  ]) {
    const expected = scoreReading(sample, laidOut, { ...asGiven, shift: { x, y } });
    expect(expected.found).toBeGreaterThan(0);
    expect(scoreAt(x, y)).toEqual(expected);
  }
});
