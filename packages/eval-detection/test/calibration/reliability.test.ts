import { ProtocolError, seededRandom } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { binScores } from '../../src/calibration/bin-edges.js';
import { heldOutCalibration } from '../../src/calibration/held-out.js';
import { fitIsotonic, isotonicMap } from '../../src/calibration/isotonic.js';
import { type CountedScores, countedScores, reliability } from '../../src/calibration/reliability.js';
import { fitTemperature, temperatureMap } from '../../src/calibration/temperature.js';

describe('binScores', () => {
  it('puts a score on an edge into the bin above, and 1 into the last', () => {
    const { binOf } = binScores(Float64Array.of(0.5), 'equal-width', 10);
    expect([0, 0.1, 0.25, 0.95, 1].map(binOf)).toEqual([0, 1, 2, 9, 9]);
  });

  it('refuses a score outside 0..1 under equal width, and no scores at all', () => {
    expect(() => binScores(Float64Array.of(0.2, 3.7), 'equal-width', 10)).toThrow(/got 3\.7; turn logits/);
    expect(() => binScores(new Float64Array(0), 'quantile', 10)).toThrow(ProtocolError);
    expect(() => binScores(Float64Array.of(0.2), 'quantile', 0)).toThrow(/1 to 1000 bins, got 0/);
  });
});

describe('reliability', () => {
  it('is a hand-worked example', () => {
    // Two bins. Low: scores 0.2, 0.4, one hit: mean 0.3, precision 0.5, gap 0.2. High: 0.8, 0.9, 1.0, two hits: mean 0.9,
    // precision 2/3, gap 0.2333. ECE = 2/5 0.2 + 3/5 0.2333 = 0.22; MCE = 0.2333.
    // Brier = (0.2^2 + 0.6^2 + 0.2^2 + 0.9^2 + 0^2) / 5 = (0.04 + 0.36 + 0.04 + 0.81 + 0) / 5 = 0.25.
    const scores = Float64Array.of(0.2, 0.4, 0.8, 0.9, 1);
    const result = reliability({ scores, correct: Uint8Array.of(0, 1, 1, 0, 1) }, 'equal-width', 2);
    expect(result.ece).toBeCloseTo(0.22, 12);
    expect(result.mce).toBeCloseTo(0.7 / 3, 12);
    expect(result.brier).toBeCloseTo(0.25, 12);
    expect(result.bins.map(({ count }) => count)).toEqual([2, 3]);
  });

  it('leaves ignored detections out', () => {
    const judged = {
      start: Int32Array.of(0, 2, 3),
      scores: Float64Array.of(0.9, 0.8, 0.7),
      outcomes: Uint8Array.of(1, 2, 0),
      faces: Int32Array.of(1, 0),
    };
    expect(countedScores(judged)).toEqual({
      scores: Float64Array.of(0.9, 0.7),
      correct: Uint8Array.of(1, 0),
      start: Int32Array.of(0, 1, 2),
    });
  });
});

/** Scores whose probability of being right is `truth(score)`, ten an image. */
function synthetic(count: number, truth: (score: number) => number, seed: number): CountedScores {
  const random = seededRandom(seed);
  const scores = Float64Array.from({ length: count }, random);
  return {
    scores,
    correct: Uint8Array.from(scores, (score) => (random() < truth(score) ? 1 : 0)),
    start: Int32Array.from({ length: count / 10 + 1 }, (_, image) => 10 * image),
  };
}

describe('fitTemperature', () => {
  it('finds the temperature that made the scores overconfident', () => {
    // The right probability is sigmoid(logit(score) / 2.5).
    const { scores, correct } = synthetic(40_000, temperatureMap(2.5), 1);
    expect(Math.abs(fitTemperature(scores, correct) - 2.5)).toBeLessThan(0.1);
  });

  it('is the root of the likelihood equation: the sum of logit (probability - correct) is 0', () => {
    const { scores, correct } = synthetic(2000, (score) => score ** 2, 2);
    const map = temperatureMap(fitTemperature(scores, correct));
    let slope = 0;
    scores.forEach((score, index) => {
      slope += Math.log(score / (1 - score)) * (map(score) - correct[index]);
    });
    expect(Math.abs(slope)).toBeLessThan(1e-6 * scores.length);
  });

  it('keeps the order of scores, and takes 0 and 1', () => {
    const map = temperatureMap(fitTemperature(Float64Array.of(0, 0.3, 0.6, 1), Uint8Array.of(0, 1, 0, 1)));
    const mapped = [0, 0.3, 0.6, 1].map(map);
    expect(mapped).toEqual([...mapped].sort((a, b) => a - b));
    expect(mapped.every(Number.isFinite)).toBe(true);
  });
});

describe('fitIsotonic', () => {
  it('pools neighbours where the share of hits would fall: a hand-worked example', () => {
    // 0.1: 0 | 0.2: 1, 0.3: 0 pool to 1/2 | 0.4: 0, 1 is another 1/2, pooled with it | 0.5: 1.
    const steps = fitIsotonic(Float64Array.of(0.1, 0.2, 0.3, 0.4, 0.4, 0.5), Uint8Array.of(0, 1, 0, 0, 1, 1));
    expect(steps).toEqual({ from: [0.1, 0.2, 0.5], to: [0, 0.5, 1] });
    expect([0, 0.15, 0.25, 0.3, 0.49, 0.5, 0.9].map(isotonicMap(steps))).toEqual([0, 0, 0.5, 0.5, 0.5, 1, 1]);
  });

  it('is no worse in squared error than any other rising map, such as the scores themselves or their mean', () => {
    const { scores, correct } = synthetic(3000, (score) => 0.2 + 0.5 * score, 3);
    const loss = (map: (score: number) => number): number =>
      scores.reduce((sum, score, index) => sum + (map(score) - correct[index]) ** 2, 0);
    const fitted = loss(isotonicMap(fitIsotonic(scores, correct)));
    const mean = correct.reduce((sum, one) => sum + one, 0) / correct.length;
    for (const other of [(score: number) => score, () => mean, (score: number) => 0.2 + 0.5 * score]) {
      expect(fitted).toBeLessThanOrEqual(loss(other));
    }
  });
});

describe('heldOutCalibration', () => {
  const options = { binning: 'equal-width', bins: 10, seed: 7 } as const;

  it('shows what a fit gains on images that it did not see, the same for the same seed', () => {
    const counted = synthetic(20_000, temperatureMap(3), 4);
    const result = heldOutCalibration(counted, options);
    expect(result.before.ece).toBeGreaterThan(0.1);
    expect(result.temperature.ece).toBeLessThan(0.02);
    expect(result.isotonic.ece).toBeLessThan(0.02);
    expect(result.temperature.fitted).toBeCloseTo(3, 0);
    expect(heldOutCalibration(counted, options)).toEqual(result);
  });

  it('shows no gain where scores are probabilities already: a fit of noise does not look like one', () => {
    const counted = synthetic(2000, (score) => score, 5);
    const result = heldOutCalibration(counted, options);
    // On the images that it is fitted on, an isotonic map is perfectly calibrated; held out it is not.
    expect(result.isotonic.brier).toBeGreaterThan(result.before.brier - 0.001);
    expect(result.temperature.fitted).toBeCloseTo(1, 0);
  });

  it('refuses fewer images than folds', () => {
    expect(() =>
      heldOutCalibration(
        synthetic(30, (score) => score, 6),
        options,
      ),
    ).toThrow(/5 folds and 3 images/);
  });
});
