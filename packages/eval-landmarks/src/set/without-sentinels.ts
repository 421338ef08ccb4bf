import type { LandmarkSet } from './landmark-set.js';

/** A set, and how many of its points and faces were written as not given. */
export interface CleanSet {
  readonly set: LandmarkSet;
  readonly points: number;
  /** Faces of which no point is given. */
  readonly faces: number;
}

/**
 * Points at exactly (-1, -1), which many files write for a point that is not given, as NaN. No point of a face lies there: a
 * face that the border of the image cuts has its points clipped to 0 or beyond it by fractions. Neither do all points of a face
 * lie at exactly (0, 0): such a face has none, as an array that was never filled.
 */
export function withoutSentinels(set: LandmarkSet): CleanSet {
  const points = Float64Array.from(set.points);
  const { count } = set.scheme;
  let [replaced, faces] = [0, 0];
  for (let face = 0; face < set.faces; face++) {
    const row = points.subarray(face * count * 2, (face + 1) * count * 2);
    if (count > 1 && row.every((value) => value === 0)) {
      row.fill(Number.NaN);
      replaced += count;
    }
    let given = 0;
    for (let at = face * count * 2; at < (face + 1) * count * 2; at += 2) {
      if (points[at] === -1 && points[at + 1] === -1) {
        points[at] = Number.NaN;
        points[at + 1] = Number.NaN;
        replaced++;
      }
      if (!Number.isNaN(points[at]) && !Number.isNaN(points[at + 1])) given++;
    }
    if (given === 0) faces++;
  }
  return { set: { ...set, points }, points: replaced, faces };
}
