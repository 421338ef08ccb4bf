import type { LandmarkSet } from '../set/landmark-set.js';
import { pointsExtent } from '../set/points-extent.js';

/** Float64Array [faces, 4]: (x, y, w, h) of the box around the points of each face; NaN where a face has none. */
export function boxesAroundPoints(set: LandmarkSet): Float64Array {
  const boxes = new Float64Array(set.faces * 4).fill(Number.NaN);
  for (let face = 0; face < set.faces; face++) {
    const [left, top, right, bottom] = pointsExtent(set, face);
    if (right >= left && bottom >= top) boxes.set([left, top, right - left, bottom - top], face * 4);
  }
  return boxes;
}
