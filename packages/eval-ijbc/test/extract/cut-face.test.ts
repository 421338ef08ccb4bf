import type { RgbImage } from '@retinabench/backends';
import { arcfacePoints, cropTemplatePoints } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { cutFace } from '../../src/extract/cut-face.js';
import type { LocatedFace } from '../../src/extract/locate-face.js';

/** An image whose red is its column and whose green is its row. */
function coordinates(widthPx: number, heightPx: number): RgbImage {
  const data = Uint8Array.from({ length: widthPx * heightPx * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return i % 3 === 0 ? pixel % widthPx : i % 3 === 1 ? Math.floor(pixel / widthPx) : 0;
  });
  return { widthPx, heightPx, data };
}

/** Red and green of a pixel: where in the image it comes from. */
const at = ({ data, widthPx }: RgbImage, x: number, y: number) => [
  ...data.subarray((y * widthPx + x) * 3, (y * widthPx + x) * 3 + 2),
];

const image = coordinates(200, 200);
const face = (points: ArrayLike<number>, box?: readonly number[]): LocatedFace => ({
  points: Float32Array.from(points),
  score: 1,
  source: 'detected',
  ...(box === undefined ? {} : { box: Float32Array.from(box) }),
});

describe('cutFace(image, face, plan)', () => {
  it('brings five points to the places of the plan, in a crop of its sides', () => {
    const points = cropTemplatePoints('sphereface', { widthPx: 96, heightPx: 112 });
    const moved = points.map((value, i) => value + (i % 2 === 0 ? 30 : 50));
    const crop = cutFace(image, face(moved), { kind: 'points', points, widthPx: 96, heightPx: 112 })!;
    expect([crop.widthPx, crop.heightPx]).toEqual([96, 112]);
    // The map is a shift by (30, 50).
    expect(at(crop, 10, 20)).toEqual([40, 70]);
  });

  it('cuts the box made square around its middle, with the margin on each side', () => {
    // A box of 40 x 20 around (70, 60): the square has side 40 (1 + 2 x 0.25) = 60, from (40, 30) on.
    const crop = cutFace(image, face(arcfacePoints, [50, 50, 90, 70]), { kind: 'box', margin: 0.25 })!;
    expect([crop.widthPx, crop.heightPx]).toEqual([60, 60]);
    expect(at(crop, 0, 0)).toEqual([40, 30]);
    expect(at(crop, 59, 59)).toEqual([99, 89]);
  });

  it('resizes a square or a box to the sides of an input of fixed size', () => {
    const sides = { widthPx: 30, heightPx: 30 };
    const crop = cutFace(image, face(arcfacePoints, [50, 50, 90, 70]), { kind: 'box', margin: 0.25, sides })!;
    expect([crop.widthPx, crop.heightPx]).toEqual([30, 30]);
    // Halved: pixel i takes its grey from the middle of pixels 2 i and 2 i + 1: 40 + 2 x 10 + 0.5, rounded.
    expect(Math.abs(at(crop, 10, 0)[0] - 60.5)).toBeLessThanOrEqual(0.5);
    const square = cutFace(image, face([70, 80, 110, 80, 90, 100, 80, 118, 100, 118]), { kind: 'square', sides })!;
    expect([square.widthPx, square.heightPx]).toEqual([30, 30]);
  });

  it('gives no crop of a box that is not known', () => {
    expect(cutFace(image, face(arcfacePoints), { kind: 'box', margin: 0 })).toBeUndefined();
  });
});
