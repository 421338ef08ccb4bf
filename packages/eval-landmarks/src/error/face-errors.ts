import { ProtocolError, ShapeError } from '@retinabench/core';
import type { LandmarkSet } from '../set/landmark-set.js';
import { faceLengths, type NormaliserName } from './normaliser.js';

/** Which annotated points count. */
export type CountedPoints = 'all' | 'visible';

/** Errors of annotated faces, of those alone that can be evaluated. */
export interface FaceErrors {
  /** Int32Array [n]: the annotated face of each, ascending. */
  readonly faces: Int32Array;
  /** Float64Array [n]: mean distance of the counted points over the length of the face; Infinity where nothing matches it. */
  readonly errors: Float64Array;
  /** Float64Array [n, points]: of each point; NaN where it does not count or nothing matches the face. */
  readonly perPoint: Float64Array;
  /** Annotated faces without a counted point, and those that lack the length which errors are divided by. */
  readonly withoutPoints: number;
  readonly withoutLength: number;
  /** Matched faces of which a predicted point is missing or not finite, although the annotation has it: they count as missed. */
  readonly incomplete: number;
}

/**
 * Normalised errors of annotated faces.
 *
 * @param annotated the ground truth, of which the lengths are taken.
 * @param predicted points of the same scheme.
 * @param matches   Int32Array [annotated faces]: the predicted face of each, -1 where none is.
 * @throws {ShapeError} if the schemes or lengths differ.
 * @throws {ProtocolError} as faceLengths, or if visible points alone shall count and the annotation does not say which are.
 * Cost: O(faces x points).
 */
export function faceErrors(
  annotated: LandmarkSet,
  predicted: LandmarkSet,
  matches: Int32Array,
  normaliser: NormaliserName,
  counted: CountedPoints,
): FaceErrors {
  const { count } = annotated.scheme;
  if (predicted.scheme.count !== count || matches.length !== annotated.faces) {
    throw new ShapeError(
      `face errors: expected ${count} points and ${annotated.faces} matches, got ${predicted.scheme.count} and ${matches.length}`,
    );
  }
  if (counted === 'visible' && annotated.visibility === undefined) {
    throw new ProtocolError(
      `${annotated.place}: points visible: the annotation does not say which points are hidden; count all of them`,
    );
  }
  const lengths = faceLengths(annotated, normaliser);
  const faces: number[] = [];
  const errors: number[] = [];
  const perPoint = new Float64Array(annotated.faces * count);
  let [withoutPoints, withoutLength, incomplete] = [0, 0, 0];
  for (let face = 0; face < annotated.faces; face++) {
    const points = countedPoints(annotated, face, counted);
    if (points.length === 0) {
      withoutPoints++;
      continue;
    }
    if (Number.isNaN(lengths[face])) {
      withoutLength++;
      continue;
    }
    const row = perPoint.subarray(faces.length * count, (faces.length + 1) * count).fill(Number.NaN);
    faces.push(face);
    const match = matches[face];
    let sum = match < 0 ? Infinity : distancesPx(annotated, face, predicted, match, points, row);
    if (!Number.isFinite(sum)) {
      row.fill(Number.NaN);
      if (match >= 0) incomplete++;
      sum = Infinity;
    }
    for (const point of points) row[point] /= lengths[face];
    errors.push(sum / points.length / lengths[face]);
  }
  return {
    faces: Int32Array.from(faces),
    errors: Float64Array.from(errors),
    perPoint: perPoint.subarray(0, faces.length * count),
    withoutPoints,
    withoutLength,
    incomplete,
  };
}

/**
 * Distances of the points of a face from those of the one that it is matched to.
 *
 * @param row receives those of `points`, in pixels.
 * @returns their sum.
 */
function distancesPx(
  annotated: LandmarkSet,
  face: number,
  predicted: LandmarkSet,
  match: number,
  points: readonly number[],
  row: Float64Array,
): number {
  const { count } = annotated.scheme;
  let sum = 0;
  for (const point of points) {
    const [a, p] = [(face * count + point) * 2, (match * count + point) * 2];
    row[point] = Math.hypot(
      predicted.points[p] - annotated.points[a],
      predicted.points[p + 1] - annotated.points[a + 1],
    );
    sum += row[point];
  }
  return sum;
}

function countedPoints({ points, scheme, visibility }: LandmarkSet, face: number, counted: CountedPoints): number[] {
  const kept: number[] = [];
  for (let point = 0; point < scheme.count; point++) {
    const at = face * scheme.count + point;
    if (Number.isNaN(points[at * 2]) || Number.isNaN(points[at * 2 + 1])) continue;
    if (counted === 'visible' && visibility !== undefined && visibility[at] !== 2) continue;
    kept.push(point);
  }
  return kept;
}
