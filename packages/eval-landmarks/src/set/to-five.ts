import { ProtocolError } from '@retinabench/core';
import { type PointScheme, pointScheme } from '../points/point-scheme.js';
import type { LandmarkSet } from './landmark-set.js';

/**
 * The five points of RetinaFace from the points of another scheme, each the mean of its own: of 68, the eyes are the means
 * of 36-41 and 42-47, the nose is 30, the mouth 48 and 54. A point is not given where one that it is the mean of is not.
 *
 * @throws {ProtocolError} if the scheme does not say which they are.
 */
export function toFive(set: LandmarkSet, scheme: PointScheme): LandmarkSet {
  const { five } = scheme;
  if (five === undefined) {
    throw new ProtocolError(
      `${set.place}: expected points of which five are known (68 or 98 of them), got ${scheme.id}; compare all its points`,
    );
  }
  const points = new Float64Array(set.faces * 10);
  for (let face = 0; face < set.faces; face++) {
    five.forEach((members, at) => {
      for (let axis = 0; axis < 2; axis++) {
        let sum = 0;
        for (const member of members) sum += set.points[(face * scheme.count + member) * 2 + axis];
        points[face * 10 + at * 2 + axis] = sum / members.length;
      }
    });
  }
  const { visibility: _, pointNames: __, ...rest } = set;
  return { ...rest, scheme: pointScheme(5), points };
}
