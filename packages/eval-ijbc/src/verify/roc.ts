import { DatasetError, ShapeError } from '@retinabench/core';
import type { RankedScores } from './rank-scores.js';

/** The receiver operating characteristic of scored pairs: one point per distinct score, from the highest down. */
export interface Roc {
  readonly genuine: number;
  readonly impostors: number;
  /** Points, the first at (0, 0) where nothing is accepted. */
  readonly points: number;
  /** Uint32Array [points]: impostor pairs at or above the point's score. */
  readonly falseAccepts: Uint32Array;
  /** Uint32Array [points]: genuine pairs at or above the point's score. */
  readonly trueAccepts: Uint32Array;
}

/**
 * Count accepted pairs at every distinct score; equal scores are accepted together.
 *
 * @param ranked rankScores of the pairs' scores.
 * @param labels Uint8Array [pairs], in the order of the pairs: 1 genuine, 0 impostor.
 * @throws {ShapeError} if scores and labels differ in number.
 * @throws {DatasetError} if there is no genuine or no impostor pair: then no rate is defined.
 * Cost: O(pairs), 8 bytes a distinct score.
 */
export function computeRoc({ order, descending }: RankedScores, labels: Uint8Array): Roc {
  const count = order.length;
  if (labels.length !== count) {
    throw new ShapeError(`ROC: expected one label for each of ${count} scores, got ${labels.length}`);
  }
  const falseAccepts = new Uint32Array(count + 1);
  const trueAccepts = new Uint32Array(count + 1);
  let points = 1;
  let genuine = 0;
  for (let rank = 0; rank < count; rank++) {
    genuine += labels[order[rank]];
    if (descending[rank + 1] === descending[rank]) continue;
    trueAccepts[points] = genuine;
    falseAccepts[points] = rank + 1 - genuine;
    points++;
  }
  if (genuine === 0 || genuine === count) {
    throw new DatasetError(
      `expected genuine and impostor pairs, got ${genuine} genuine and ${count - genuine} impostor; a rate needs both`,
    );
  }
  return {
    genuine,
    impostors: count - genuine,
    points,
    falseAccepts: falseAccepts.subarray(0, points),
    trueAccepts: trueAccepts.subarray(0, points),
  };
}

/**
 * The threshold of a point: the lowest accepted score; a pair is accepted at or above it.
 *
 * @returns for the point where nothing is accepted, the next number above the highest score.
 */
export function thresholdOf(roc: Roc, point: number, { descending }: RankedScores): number {
  const accepted = roc.falseAccepts[point] + roc.trueAccepts[point];
  return accepted > 0 ? descending[accepted - 1] : nextAbove(descending[0]);
}

/** The smallest float64 greater than `value`. */
function nextAbove(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return view.getFloat64(0);
}
