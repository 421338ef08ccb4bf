import { offFaceShape } from './face-shape.js';
import type { LandmarkInput } from './finding.js';

/** Faces that are looked at. */
const mostFaces = 120;

/** Median distance from the shape of a face at which names are not doubted. */
export const soundShape = 0.25;

/** Names as they are, of the image's sides and of the person's: both are honest. */
const honest: readonly (readonly number[])[] = [
  [0, 1, 2, 3, 4],
  [1, 0, 2, 4, 3],
];

/** The five points of faces that have them all, evenly chosen: Float64Array [10] each. */
export function fivePointsOf({ faces, scheme, points }: LandmarkInput['annotated']): Float64Array[] {
  const { five, count } = scheme;
  if (five === undefined) return [];
  const chosen: Float64Array[] = [];
  const step = Math.max(1, Math.ceil(faces / mostFaces));
  for (let face = 0; face < faces; face += step) {
    const own = Float64Array.from(
      five.flatMap((part) =>
        [0, 1].map(
          (axis) => part.reduce((sum, point) => sum + points[2 * (face * count + point) + axis], 0) / part.length,
        ),
      ),
    );
    if (Number.isFinite(offFaceShape(own, honest[0], 'usual'))) chosen.push(own);
  }
  return chosen;
}

/**
 * How far the five points of each face are from a face under their own names, seen from anywhere in front: from far above the nose
 * lies below the mouth.
 *
 * @param faces of `fivePointsOf`.
 * Cost: 154 views a face.
 */
export function offUnderOwnNames(faces: readonly Float64Array[]): number[] {
  return faces.map((face) => Math.min(...honest.map((order) => offFaceShape(face, order, 'anywhere'))));
}
