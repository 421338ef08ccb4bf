import { DatasetError, ProtocolError, ShapeError, seededRandom } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { bootstrapAp, percentileInterval } from '../../src/ap/bootstrap.js';
import { curvesOfImages } from '../../src/ap/image-curves.js';
import { pairedDifference } from '../../src/ap/paired-difference.js';
import { encodePoints } from '../../src/ap/points.js';
import type { ImageResult, ResultRecord } from '../../src/record/record.js';
import { type Split, splits } from '../../src/record/split.js';
import { quantile } from '../../src/stats/quantile.js';

const perSplit = <T>(value: T): Record<Split, T> => ({ easy: value, medium: value, hard: value });

/** An image with one face that is found (or not) at threshold 10 and a false positive at 20. */
function image(name: string, found: boolean, misfires = 1): ImageResult {
  const points = encodePoints(found ? [10, 1, 1, 10, misfires, 0] : [20, misfires, 0]);
  return { name, points: perSplit(points), faces: perSplit(1) };
}

function record(images: readonly ImageResult[], id = '0123456789ab', rules = 'python'): ResultRecord {
  return {
    schemaVersion: 1,
    kind: 'wider',
    createdAt: '2024-01-01T00:00:00Z',
    protocol: { id, rules },
    environment: { cpu: 'x', cores: 1, memoryBytes: 1, os: 'x', node: 'x', packageVersions: {} },
    images,
  };
}

describe('quantile', () => {
  it('uses the R-7 rule, as numpy.quantile does', () => {
    const values = [3.5, -1, 2, 8, 0.25, 7, 7];
    // numpy 2: np.quantile([3.5, -1, 2, 8, 0.25, 7, 7], [0, .025, .3, .5, .975, 1])
    const expected = [-1, -0.8125, 1.65, 3.5, 7.85, 8];
    [0, 0.025, 0.3, 0.5, 0.975, 1].forEach((p, index) => {
      expect(quantile(values, p)).toBeCloseTo(expected[index], 12);
    });
  });

  it('refuses an empty sample and p outside 0..1', () => {
    expect(() => quantile([], 0.5)).toThrow(ShapeError);
    expect(() => quantile([1], 1.1)).toThrow(ShapeError);
  });
});

describe('seededRandom', () => {
  it('gives the words of xoshiro128** over splitmix32', () => {
    const random = seededRandom(42);
    const words = Array.from({ length: 5 }, () => random() * 2 ** 32);
    expect(words).toEqual([660444221, 3652823732, 77672526, 910233633, 2297337756]);
  });
});

describe('bootstrapAp', () => {
  it('is the AP itself where all images are alike', () => {
    // Every draw of 5 equal images has recall 1 at precision 1: AP 1.
    const images = Array.from({ length: 5 }, (_, index) => image(`a/${index}`, true));
    const [aps] = bootstrapAp([curvesOfImages(images, 'hard')], { resamples: 50, random: seededRandom(1) });
    expect([...aps]).toEqual(Array(50).fill(1));
    expect(percentileInterval(aps)).toEqual([1, 1]);
  });

  it('spreads as the binomial where each image has one face, found or not', () => {
    // Without false positives AP is the share of found faces: of 100 images 60, so its deviation is
    // sqrt(0.6 * 0.4 / 100) = 0.049 and the 95 % interval about 0.6 +- 0.096.
    const images = Array.from({ length: 100 }, (_, index) => image(`a/${index}`, index < 60, 0));
    const [aps] = bootstrapAp([curvesOfImages(images, 'hard')], { resamples: 2000, random: seededRandom(7) });
    const [low, high] = percentileInterval(aps);
    expect(low).toBeGreaterThan(0.48);
    expect(low).toBeLessThan(0.53);
    expect(high).toBeGreaterThan(0.67);
    expect(high).toBeLessThan(0.72);
  });

  it('repeats itself with the same seed', () => {
    const curves = curvesOfImages([image('a/1', true), image('a/2', false), image('a/3', true)], 'easy');
    const run = (seed: number): number[] => [
      ...bootstrapAp([curves], { resamples: 20, random: seededRandom(seed) })[0],
    ];
    expect(run(3)).toEqual(run(3));
    expect(run(3)).not.toEqual(run(4));
  });

  it('refuses sets over different numbers of images, none, and fewer than 2 resamples', () => {
    const one = curvesOfImages([image('a/1', true)], 'easy');
    const two = curvesOfImages([image('a/1', true), image('a/2', true)], 'easy');
    const random = seededRandom(1);
    expect(() => bootstrapAp([one, two], { random })).toThrow(ShapeError);
    expect(() => bootstrapAp([], { random })).toThrow(ShapeError);
    expect(() => bootstrapAp([one], { random, resamples: 1 })).toThrow(ProtocolError);
  });
});

describe('pairedDifference', () => {
  const names = Array.from({ length: 40 }, (_, index) => `a/${index}`);
  const baseline = record(names.map((name, index) => image(name, index % 2 === 0)));

  it('is exactly zero for equal runs, whatever the order of images, and its interval has a width', () => {
    const same = record([...(baseline.images ?? [])].reverse());
    const differences = pairedDifference(baseline, same);
    for (const split of splits) {
      expect(differences[split]).toMatchObject({ difference: 0, images: 40, differing: 0 });
      // No image of 40 differs: 3 / 40 of the images may lose what they find, of an AP of 1/2.
      expect(differences[split]?.interval[0]).toBeCloseTo(-0.5 * (Math.log(20) / 40), 12);
    }
  });

  it('says how many images differ and does not take one of 40 for a sure loss', () => {
    const worse = record(
      (baseline.images ?? []).map((entry, index) => (index === 0 ? image(entry.name, false) : entry)),
    );
    const hard = pairedDifference(baseline, worse).hard;
    expect(hard?.difference).toBeCloseTo(-1 / 40, 12);
    expect(hard?.differing).toBe(1);
    // One lost face in 40 images would be none in 40 others with probability 37 %.
    expect(hard?.interval[1]).toBeGreaterThan(0);
  });

  it('refuses two protocols and says which setting differs', () => {
    const other = record(baseline.images ?? [], 'ba9876543210', 'matlab');
    expect(() => pairedDifference(baseline, other)).toThrow(
      /protocol ba9876543210 with 0123456789ab: rules is "matlab", was "python"/,
    );
  });

  it('refuses other images, other counted faces and records without images', () => {
    const [first, ...rest] = baseline.images ?? [];
    const renamed = record([{ ...first, name: 'b/0' }, ...rest]);
    const recounted = record([{ ...first, faces: perSplit(2) }, ...rest]);
    expect(() => pairedDifference(baseline, renamed)).toThrow(/image a\/0 is in the baseline/);
    expect(() => pairedDifference(baseline, recounted)).toThrow(/expected 1 counted faces of easy/);
    expect(() => pairedDifference(baseline, record(rest))).toThrow(DatasetError);
    expect(() => pairedDifference(baseline, record([]))).toThrow(DatasetError);
  });
});
