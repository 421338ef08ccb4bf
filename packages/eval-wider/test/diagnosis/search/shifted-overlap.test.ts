import { seededRandom } from '@retinabench/core';
import { expect, test } from 'vitest';
import { asGiven } from '../../../src/diagnosis/search/box-reading.js';
import type { SampleImage } from '../../../src/diagnosis/search/sample.js';
import { scoreReading } from '../../../src/diagnosis/search/score-reading.js';
import { shiftedOverlap } from '../../../src/diagnosis/search/shifted-overlap.js';

test('a box 3 px left of its face overlaps it wholly once it is shifted by 3', () => {
  const sample: SampleImage[] = [{ name: 'a', facesXywh: Float64Array.of(10, 10, 9, 9), boxes: new Float64Array(0) }];
  const overlapAt = shiftedOverlap(sample, [Float64Array.of(7, 10, 9, 9)]);
  expect(overlapAt(3, 0)).toBe(1);
  // With sides of 10 pixels, 7 x 10 of them in both: 70 / (100 + 100 - 70).
  expect(overlapAt(0, 0)).toBe(70 / 130);
  // 4 x 10 in both give 40 / 160, which finds no face.
  expect(overlapAt(-3, 0)).toBe(0);
});

test('is to the last bit the overlap of scoreReading, for boxes of any sides, negative and NaN ones among them', () => {
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
  const overlapAt = shiftedOverlap(sample, laidOut);
  for (const [x, y] of [
    [0, 0],
    [4, 0],
    [-13, 7],
    [0.5, -60],
  ]) {
    const expected = scoreReading(sample, laidOut, { ...asGiven, shift: { x, y } });
    expect(expected.found).toBeGreaterThan(0);
    expect(overlapAt(x, y)).toBe(expected.overlap);
  }
});
