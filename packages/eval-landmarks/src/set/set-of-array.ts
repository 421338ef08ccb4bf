import { DatasetError } from '@retinabench/core';
import { pointScheme } from '../points/point-scheme.js';
import type { LandmarkSet } from './landmark-set.js';

/** Numbers with their shape, as of a `.npy` file. */
export interface ShapedNumbers {
  readonly values: Float64Array;
  readonly shape: readonly number[];
}

/**
 * Faces as rows of an array of points: (faces, points, 2), (faces, 2 x points), or (faces, points, 3) of which the third is
 * a depth and left out.
 *
 * @param scheme id of the scheme of the points; absent: by their number.
 * @throws {DatasetError} if the shape is another: one of (faces, 2, points) is not turned round in silence.
 */
export function setOfArray({ values, shape }: ShapedNumbers, place: string, scheme?: string): LandmarkSet {
  const [faces, second, third] = shape;
  const layout = layoutOf(shape);
  if (layout === undefined) {
    const next =
      shape.length === 3 && (second === 2 || second === 3)
        ? `save array.transpose(0, 2, 1): shape (${faces}, ${third}, ${second})`
        : 'save the points in one of these shapes';
    throw new DatasetError(
      `${place}: expected points of shape (faces, points, 2), (faces, points, 3) or (faces, 2 x points), got (${shape.join(', ')}); ${next}`,
    );
  }
  const [count, numbers] = layout;
  const points = new Float64Array(faces * count * 2);
  for (let at = 0; at < faces * count; at++) points.set(values.subarray(at * numbers, at * numbers + 2), at * 2);
  return { place, faces, scheme: pointScheme(count, scheme), points, attributes: new Map() };
}

/** Points of a face, and numbers of a point. */
function layoutOf([faces, second, third, ...more]: readonly number[]): [number, number] | undefined {
  if (faces === undefined || more.length > 0) return undefined;
  if (third === 2 || third === 3) return second > 3 ? [second, third] : undefined;
  return third === undefined && second >= 4 && second % 2 === 0 ? [second / 2, 2] : undefined;
}
