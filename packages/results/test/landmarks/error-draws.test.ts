import { seededRandom } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { errorDraws, keptErrorDraws } from '../../src/landmarks/error-draws.js';
import type { LandmarkImage } from '../../src/record/landmark-result.js';

const random = seededRandom(4);
const images: LandmarkImage[] = Array.from({ length: 23 }, (_, image) => ({
  name: `e/${image}`,
  errors: Array.from({ length: image % 4 }, () => (random() < 0.2 ? -1 : 0.2 * random())),
}));

describe('errorDraws', () => {
  test('are the numbers of the faces of the images drawn, each face as often as its image', () => {
    const draws = errorDraws(images, [0.1], 40);
    // The same draws, made out: the generator gives one image after the other.
    const next = seededRandom(2026);
    for (let draw = 0; draw < 40; draw++) {
      const faces = images.flatMap(() => images[Math.floor(next() * images.length)].errors);
      const matched = faces.filter((error) => error >= 0);
      const share = (of: readonly number[]): number => of.length / faces.length;
      expect(draws.nme[draw]).toBeCloseTo(matched.reduce((sum, error) => sum + error, 0) / matched.length, 12);
      expect(draws.missed[draw]).toBeCloseTo(1 - share(matched), 12);
      expect(draws['failureRate.0.1'][draw]).toBeCloseTo(share(faces.filter((e) => e < 0 || e > 0.1)), 12);
      const area = matched.reduce((sum, error) => sum + Math.max(0, 0.1 - error), 0);
      expect(draws['auc.0.1'][draw]).toBeCloseTo(area / (0.1 * faces.length), 12);
    }
  });

  test('are worked out once for a list of images and thresholds', () => {
    const first = keptErrorDraws(images, [0.1]);
    expect(keptErrorDraws(images, [0.1])).toBe(first);
    expect(keptErrorDraws(images, [0.2])).not.toBe(first);
    expect(first).toEqual(errorDraws(images, [0.1]));
  });
});
