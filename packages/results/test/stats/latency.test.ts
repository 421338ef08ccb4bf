import { ShapeError } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { countOutliers, summariseLatency } from '../../src/index.js';

describe('summariseLatency', () => {
  test('gives median, 95th percentile, mean, median absolute deviation and count', () => {
    // Sorted 1 2 3 4 100: median 3; deviations 2 1 0 1 97, their median 1; p95 at position 3.8: 4 + 0.8 * 96 = 80.8.
    expect(summariseLatency([4, 1, 100, 2, 3])).toEqual({
      p10: expect.closeTo(1.4, 10),
      median: 3,
      mean: 22,
      p95: expect.closeTo(80.8, 10),
      mad: 1,
      n: 5,
    });
  });

  test('refuses an empty sample', () => {
    expect(() => summariseLatency([])).toThrow(ShapeError);
  });
});

test('countOutliers counts what lies more than 5 deviations above the median', () => {
  // Median 3, deviation 1: above 8.
  expect(countOutliers([4, 1, 100, 2, 3])).toBe(1);
  expect(countOutliers([1, 2, 3, 4, 8])).toBe(0);
});
