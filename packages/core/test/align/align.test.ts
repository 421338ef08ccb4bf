import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Affine, invertAffine } from '../../src/align/affine.js';
import { arcfacePoints } from '../../src/align/arcface.js';
import { estimateSimilarity } from '../../src/align/similarity.js';
import { warpAffine } from '../../src/align/warp.js';

interface SimilarityGolden {
  readonly target: readonly number[];
  readonly cases: readonly { readonly points: readonly number[]; readonly transform: readonly number[] }[];
}

interface WarpGolden {
  readonly cases: readonly {
    readonly widthPx: number;
    readonly heightPx: number;
    readonly transform: Affine;
    readonly image: string;
    readonly expected: string;
  }[];
}

const golden = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`golden/${name}.json`, import.meta.url), 'utf8')) as T;

function transformOf(from: readonly number[], to: readonly number[]): Affine {
  const estimate = estimateSimilarity(from, to);
  if (!estimate.found) throw new Error('no similarity');
  return estimate.transform;
}

describe('estimateSimilarity(from, to)', () => {
  it('turns by 90 degrees, doubles and moves: (x, y) to (-2 y + 5, 2 x + 1)', () => {
    // (0, 0) to (5, 1), (1, 0) to (5, 3), (0, 1) to (3, 1).
    const [a, b, c, d, e, f] = transformOf([0, 0, 1, 0, 0, 1], [5, 1, 5, 3, 3, 1]);
    [a, b + 2, c - 5, d - 2, e, f - 1].forEach((zero) => {
      expect(zero).toBeCloseTo(0, 12);
    });
  });

  it('equals Umeyama by singular value decomposition, noise and mirrored points included', () => {
    const { target, cases } = golden<SimilarityGolden>('similarity');
    expect(target).toEqual(arcfacePoints);
    for (const { points, transform } of cases) {
      transformOf(points, target).forEach((value, i) => {
        expect(Math.abs(value - transform[i])).toBeLessThan(1e-9 * Math.max(1, Math.abs(transform[i])));
      });
    }
  });

  it('gives back any similarity from the points that it moved', () => {
    const number = (low: number, high: number) => fc.double({ min: low, max: high, noNaN: true });
    fc.assert(
      fc.property(number(0.05, 20), number(-3.1, 3.1), number(-500, 500), number(-500, 500), (scale, angle, x, y) => {
        const [c, s] = [scale * Math.cos(angle), scale * Math.sin(angle)];
        const moved = arcfacePoints.map((_, i) => {
          const [px, py] = [arcfacePoints[i & ~1], arcfacePoints[i | 1]];
          return i % 2 === 0 ? c * px - s * py + x : s * px + c * py + y;
        });
        const expected = [c, -s, x, s, c, y];
        transformOf(arcfacePoints, moved).forEach((value, i) => {
          expect(value).toBeCloseTo(expected[i], 8);
        });
      }),
      { seed: 2 },
    );
  });

  it('finds none where the points coincide, and refuses lists that do not match', () => {
    expect(estimateSimilarity([3, 3, 3, 3], [0, 0, 1, 1])).toEqual({ found: false });
    expect(estimateSimilarity([Number.NaN, 3, 4, 3], [0, 0, 1, 1])).toEqual({ found: false });
    expect(() => estimateSimilarity([1, 2, 3, 4], [1, 2])).toThrow('got 4 and 2 numbers');
    expect(() => estimateSimilarity([1, 2], [1, 2])).toThrow('at least two');
  });
});

describe('warpAffine(source, sides, transform, out)', () => {
  it('equals OpenCV within one grey level, the border included', () => {
    for (const { image, expected, transform, ...sides } of golden<WarpGolden>('warp').cases) {
      const out = warpAffine(Buffer.from(image, 'base64'), sides, transform, { widthPx: 28, heightPx: 28 });
      const reference = Buffer.from(expected, 'base64');
      const worst = out.reduce((most, value, i) => Math.max(most, Math.abs(value - reference[i])), 0);
      expect(worst).toBeLessThanOrEqual(1);
    }
  });

  it('mixes the edge with black: half a pixel to the right of a grey pixel is half as bright', () => {
    const grey = Uint8Array.of(100, 100, 100);
    const one = { widthPx: 1, heightPx: 1 };
    expect([...warpAffine(grey, one, [1, 0, 0.5, 0, 1, 0], { widthPx: 2, heightPx: 1 })]).toEqual([
      50, 50, 50, 50, 50, 50,
    ]);
    expect([...warpAffine(grey, one, [1, 0, 0, 0, 1, 0], one)]).toEqual([100, 100, 100]);
  });

  it('refuses a map without inverse and an image of the wrong length', () => {
    const one = { widthPx: 1, heightPx: 1 };
    expect(() => warpAffine(new Uint8Array(3), one, [1, 0, 0, 1, 0, 0], one)).toThrow('a map with an inverse');
    expect(() => warpAffine(new Uint8Array(4), one, [1, 0, 0, 0, 1, 0], one)).toThrow('expected 3 samples');
  });

  it('is undone by its inverse map', () => {
    const map: Affine = [1.2, -0.3, 4, 0.3, 1.2, -7];
    const [a, b, c, d, e, f] = invertAffine(map);
    const [x, y] = [map[0] * 2 + map[1] * 9 + map[2], map[3] * 2 + map[4] * 9 + map[5]];
    expect(a * x + b * y + c).toBeCloseTo(2, 12);
    expect(d * x + e * y + f).toBeCloseTo(9, 12);
  });
});
