import { seededRandom } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { type CountedScores, reliability } from '../../src/calibration/reliability.js';
import { reliabilityIntervals } from '../../src/calibration/reliability-intervals.js';

/** Images of ten detections whose probability of being right is the score less `off`. */
function sampleOf(images: number, off: number, random: () => number): CountedScores {
  const scores = Float64Array.from({ length: 10 * images }, () => 0.3 + 0.7 * random());
  return {
    scores,
    correct: Uint8Array.from(scores, (score) => (random() < score - off ? 1 : 0)),
    start: Int32Array.from({ length: images + 1 }, (_, image) => 10 * image),
  };
}

describe('reliabilityIntervals', () => {
  it('hold the ECE of the population in about 95 % of samples, though that of a sample is too large on average', () => {
    // Off by 0.2 everywhere: an ECE of 0.2 whatever the bins.
    const random = seededRandom(21);
    let held = 0;
    const samples = 200;
    for (let sample = 0; sample < samples; sample++) {
      const counted = sampleOf(40, 0.2, random);
      const result = reliability(counted, 'equal-width', 10);
      const [low, high] = reliabilityIntervals(counted, result, { resamples: 200, seed: sample }).ece;
      if (low <= 0.2 && 0.2 <= high) held++;
    }
    expect(held / samples).toBeGreaterThan(0.9);
    expect(held / samples).toBeLessThan(1);
  });

  it('of one image have no width, and always hold their value', () => {
    const counted = sampleOf(1, 0.1, seededRandom(2));
    const result = reliability(counted, 'quantile', 5);
    const { ece, mce, brier } = reliabilityIntervals(counted, result, { resamples: 2 });
    for (const [interval, value] of [
      [ece, result.ece],
      [mce, result.mce],
      [brier, result.brier],
    ] as const) {
      expect(interval[0]).toBeCloseTo(value, 12);
      expect(interval[1]).toBeCloseTo(value, 12);
    }
  });
});
