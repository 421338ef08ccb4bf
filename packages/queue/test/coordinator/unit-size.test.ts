import { describe, expect, test } from 'vitest';
import { UnitSize } from '../../src/coordinator/unit-size.js';

/** Enough left that the end is far. */
const many = 1_000_000;

describe('UnitSize', () => {
  test('gives 50 images while nothing is known, and what is asked for where it is', () => {
    expect(new UnitSize().next(many, 4)).toBe(50);
    expect(new UnitSize(7).next(many, 4)).toBe(7);
  });

  test.each([
    // 50 images in 10 s are within 5 to 30 s: it stays.
    [50, 10_000, 50],
    // 5 images a second for 30 s at most: 150 would be allowed, 50 are enough.
    [50, 1000 * 10, 50],
    // 1 image in 2 s: 30 s are 15 images.
    [50, 100_000, 15],
    // 1 image in 60 s: more than 30 s each, and a unit has one at least.
    [2, 120_000, 1],
    // 100 images a second: 5 s are 500.
    [50, 500, 500],
    // 10,000 a second: a result stays below 1,000 images.
    [1000, 100, 1000],
  ])('after %d images in %d ms gives %d', (images, tookMs, expected) => {
    const size = new UnitSize();
    size.add(images, tookMs);
    expect(size.next(many, 4)).toBe(expected);
  });

  test('shrinks at the end, so that each slot has three units left', () => {
    // 60 left for 4 slots: 60 / 12.
    expect(new UnitSize().next(60, 4)).toBe(5);
    expect(new UnitSize().next(1, 4)).toBe(1);
  });
});
