import { ProtocolError, ShapeError } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { faceErrors } from '../../src/error/face-errors.js';
import { faceLengths } from '../../src/error/normaliser.js';
import { pointScheme } from '../../src/points/point-scheme.js';
import type { LandmarkSet } from '../../src/set/landmark-set.js';

/** One face whose eyes are 40 apart, with a box of 90 x 160. */
const square = [30, 40, 70, 40, 50, 60, 35, 80, 65, 80];

function setOf(faces: readonly (readonly number[])[], more: Partial<LandmarkSet> = {}): LandmarkSet {
  return {
    place: 'faces',
    faces: faces.length,
    scheme: pointScheme(5),
    points: Float64Array.from(faces.flat()),
    boxesXywh: Float64Array.from(faces.flatMap(() => [10, 10, 90, 160])),
    attributes: new Map(),
    ...more,
  };
}

const first = Int32Array.from([0]);

describe('faceErrors(annotated, predicted, matches, normaliser, counted)', () => {
  const annotated = setOf([square]);
  // Points 0 and 2 lie off by (3, 4): 5 pixels each, 10 in all, 2 in the mean of five.
  const predicted = setOf([[33, 44, 70, 40, 53, 64, 35, 80, 65, 80]]);

  it.each([
    ['eye-centres', 2 / 40],
    // sqrt(90 x 160) = 120.
    ['box', 2 / 120],
    ['box-diagonal', 2 / Math.hypot(90, 160)],
    // The points reach from 30 to 70 and from 40 to 80.
    ['points-box', 2 / 40],
    ['points-diagonal', 2 / Math.hypot(40, 40)],
    ['pixels', 2],
  ] as const)('over %s, the mean distance over the length of the annotated face', (normaliser, expected) => {
    const { errors, perPoint } = faceErrors(annotated, predicted, first, normaliser, 'all');
    expect(errors[0]).toBeCloseTo(expected, 12);
    expect([...perPoint.slice(0, 3)].map((error) => error / expected)).toEqual([
      expect.closeTo(2.5, 12),
      0,
      expect.closeTo(2.5, 12),
    ]);
  });

  it('takes the length of the annotation: a prediction of another size does not make its error smaller', () => {
    const wide = { ...predicted, boxesXywh: Float64Array.from([0, 0, 900, 1600]) };
    expect(faceErrors(annotated, wide, first, 'box', 'all').errors[0]).toBeCloseTo(2 / 120, 12);
  });

  it('leaves out a point that the annotation does not give, and hidden ones where visible points count', () => {
    const points = Float64Array.from(square);
    points[0] = Number.NaN;
    const partial = { ...annotated, points, visibility: Uint8Array.from([0, 2, 1, 2, 2]) };
    // Of points 1 to 4 point 2 alone is off, by 5 pixels.
    expect(faceErrors(partial, predicted, first, 'pixels', 'all').errors[0]).toBeCloseTo(5 / 4, 12);
    expect(faceErrors(partial, predicted, first, 'pixels', 'visible').errors[0]).toBe(0);
  });

  it('a face that nothing matches has an infinite error, and so has one of which a predicted point is missing', () => {
    const broken = { ...predicted, points: Float64Array.from([...square.slice(0, 9), Number.NaN]) };
    expect(faceErrors(annotated, predicted, Int32Array.from([-1]), 'box', 'all')).toMatchObject({
      errors: Float64Array.from([Infinity]),
      incomplete: 0,
    });
    expect(faceErrors(annotated, broken, first, 'box', 'all')).toMatchObject({
      errors: Float64Array.from([Infinity]),
      incomplete: 1,
    });
  });

  it('leaves out and counts faces without points and faces without a length', () => {
    const none = new Array<number>(10).fill(Number.NaN);
    const profile = [50, 40, 50, 40, 55, 60, 50, 80, 52, 80];
    const three = setOf([none, profile, square]);
    const found = faceErrors(three, three, Int32Array.from([0, 1, 2]), 'eye-centres', 'all');
    expect(found).toMatchObject({ withoutPoints: 1, withoutLength: 1, faces: Int32Array.from([2]) });
    expect([...found.errors]).toEqual([0]);
  });

  it('refuses another number of points, and visible points of an annotation that does not say which are', () => {
    const other = { ...predicted, scheme: pointScheme(4), points: new Float64Array(8) };
    expect(() => faceErrors(annotated, other, first, 'box', 'all')).toThrow(ShapeError);
    expect(() => faceErrors(annotated, predicted, first, 'box', 'visible')).toThrow(ProtocolError);
  });
});

describe('faceLengths(annotated, normaliser)', () => {
  it('refuses a length that the points do not have, and names the others', () => {
    expect(() => faceLengths(setOf([square]), 'outer-corners')).toThrow(/no outer eye corners; choose another of/);
    const { boxesXywh: _, ...bare } = setOf([square]);
    expect(() => faceLengths(bare, 'box')).toThrow(/the annotation has no boxes/);
  });

  it('a box of two negative sides is no box', () => {
    const bad = setOf([square], { boxesXywh: Float64Array.from([90, 90, -10, -10]) });
    expect(faceLengths(bad, 'box')[0]).toBeNaN();
  });
});
