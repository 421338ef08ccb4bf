import { describe, expect, it } from 'vitest';
import { fewLosses } from '../../src/ap/few-losses.js';
import { clopperPearsonInterval, curvesOfImages, encodePoints, type ImageCurves } from '../../src/index.js';

/** Images of one face each, found at `threshold`, or not at all (0). */
function run(thresholds: readonly number[]): ImageCurves {
  const images = thresholds.map((threshold, index) => {
    const points = threshold === 0 ? '' : encodePoints([threshold, 1, 1]);
    return {
      name: `0--A/${index}`,
      points: { easy: points, medium: points, hard: points },
      faces: { easy: 1, medium: 1, hard: 1 },
    };
  });
  return curvesOfImages(images, 'hard');
}

describe('fewLosses', () => {
  it('is certain at the end of the Clopper-Pearson interval of the share of images that got worse', () => {
    // Three of six faces are no longer found and nothing else changes: a share q of such images loses q.
    const losses = fewLosses(run([1, 1, 1, 1, 1, 1]), run([0, 1, 0, 1, 0, 1]), [0, 2, 4]);
    const [low] = clopperPearsonInterval(3, 6);
    expect(losses?.worse).toBe(3);
    expect(losses?.pValue(low)).toBeCloseTo(0.05, 6);
    // P(X >= 3) of 6 at 0.01: 20 x 1e-6 x 0.970299 + 15 x 1e-8 x 0.9801 + 6 x 1e-10 x 0.99 + 1e-12 = 1.95536e-5.
    expect(losses?.pValue(0.01)).toBeCloseTo(2 * 1.95536e-5, 9);
  });

  it('cannot tell one image of many that could have got better', () => {
    // The baseline misses 20 of 40 faces: 3.7 images that were not drawn may gain what two images lost.
    const found = Array.from({ length: 40 }, (_, i) => i % 2);
    const losses = fewLosses(run(found), run(found.map((threshold, i) => (i < 4 ? 0 : threshold))), [1, 3]);
    expect(losses?.worse).toBe(2);
    expect(losses?.pValue(0)).toBeGreaterThan(0.05);
  });

  it('says nothing where an image got better, or none worse', () => {
    expect(fewLosses(run([1, 0, 1]), run([0, 1, 1]), [0, 1])).toBeUndefined();
    expect(fewLosses(run([1, 0, 1]), run([1, 1, 1]), [1])).toBeUndefined();
  });
});
