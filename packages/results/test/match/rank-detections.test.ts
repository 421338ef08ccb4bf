import { seededRandom } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { rankDetections } from '../../src/match/rank-detections.js';

describe('rankDetections', () => {
  it('orders by descending score, equal scores by image and file, and knows the ranks of each image', () => {
    // Image 0 has detections 0 and 1, image 1 none, image 2 has 2 to 4.
    const ranges = { first: Int32Array.of(0, 2, 2), end: Int32Array.of(2, 2, 5) };
    const ranked = rankDetections(Float64Array.of(0.5, 0.9, 0.5, 0.1, 0.9), ranges);
    expect([...ranked.detection]).toEqual([1, 4, 0, 2, 3]);
    expect([...ranked.scores]).toEqual([0.9, 0.9, 0.5, 0.5, 0.1]);
    expect([...ranked.start]).toEqual([0, 2, 2, 5]);
    expect([...ranked.byImage]).toEqual([0, 2, 1, 3, 4]);
    expect([...ranked.place]).toEqual([0, 0, 1, 1, 2]);
  });

  it('keeps the best detections of each image up to a limit', () => {
    const ranges = { first: Int32Array.of(0, 3), end: Int32Array.of(3, 5) };
    const ranked = rankDetections(Float64Array.of(0.1, 0.2, 0.3, 0.25, 0.15), ranges, 2);
    expect([...ranked.detection]).toEqual([2, 3, 1, 4]);
    expect([...ranked.start]).toEqual([0, 2, 4]);
  });

  it('equals a stable comparison sort on scores of every magnitude, sign and number of ties', () => {
    const random = seededRandom(3);
    for (const digits of [0, 1, 3, 15]) {
      const scores = Float64Array.from({ length: 2000 }, () =>
        Number(((random() - 0.3) * 10 ** Math.floor(random() * 6)).toFixed(digits)),
      );
      scores[7] = -0;
      scores[9] = 0;
      const expected = Array.from(scores, (_, index) => index).sort((a, b) => scores[b] - scores[a]);
      const { detection } = rankDetections(scores, { first: Int32Array.of(0), end: Int32Array.of(2000) });
      expect([...detection]).toEqual(expected);
    }
  });

  it('refuses a score that is not a number and a range outside the scores', () => {
    const one = { first: Int32Array.of(0), end: Int32Array.of(1) };
    expect(() => rankDetections(Float64Array.of(Number.NaN), one)).toThrow(/detection 0, got NaN/);
    expect(() => rankDetections(new Float64Array(0), one)).toThrow(/within 0 scores, got 0 to 1/);
  });
});
