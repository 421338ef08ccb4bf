import type { LandmarkSet } from './landmark-set.js';

/** Least and greatest coordinates, (left, top, right, bottom), of the points of a face that are given; infinite where none is. */
export function pointsExtent({ points, scheme }: LandmarkSet, face: number): [number, number, number, number] {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = face * scheme.count * 2; at < (face + 1) * scheme.count * 2; at += 2) {
    if (Number.isNaN(points[at]) || Number.isNaN(points[at + 1])) continue;
    left = Math.min(left, points[at]);
    right = Math.max(right, points[at]);
    top = Math.min(top, points[at + 1]);
    bottom = Math.max(bottom, points[at + 1]);
  }
  return [left, top, right, bottom];
}
