import { DatasetError, ShapeError } from '@retinabench/core';
import type { RankedScores } from './ranked-scores.js';

/**
 * The receiver operating characteristic of scored pairs: one point per distinct score, from the highest down, and in front
 * the one where nothing is accepted. A point is named by the pairs that it accepts, so that 0 is the first and the number of
 * pairs the last; numbers between that fall within equal scores are no points.
 */
export class Roc {
  readonly genuine: number;
  readonly impostors: number;
  /** The last point, where every pair is accepted. */
  readonly last: number;
  readonly #ranked: RankedScores;
  /** Float64Array [genuine], descending. */
  readonly #genuineScores: Float64Array;

  /** @param genuineScores the scores of the genuine pairs, descending. */
  constructor(ranked: RankedScores, genuineScores: Float64Array) {
    this.genuine = genuineScores.length;
    this.impostors = ranked.count - genuineScores.length;
    this.last = ranked.count;
    this.#ranked = ranked;
    this.#genuineScores = genuineScores;
  }

  /** Genuine pairs at or above the point's score. */
  trueAccepts(point: number): number {
    if (point === 0) return 0;
    const score = this.#ranked.scoreAt(point - 1);
    return this.#countGenuine((other) => other >= score);
  }

  /** Impostor pairs at or above the point's score. */
  falseAccepts(point: number): number {
    return point - this.trueAccepts(point);
  }

  /** The point after one that is not the last. */
  next(point: number): number {
    return this.#ranked.rankBehind(this.#ranked.scoreAt(point));
  }

  /** The point before one that is not the first. */
  previous(point: number): number {
    return this.#ranked.firstRankOf(this.#ranked.scoreAt(point - 1));
  }

  /**
   * The first point at which a condition holds that then holds at all later ones.
   *
   * @param holds takes false and true accepts.
   * @returns undefined if it holds nowhere.
   * Cost: O(log^2 pairs), and the sort of one bucket of scores.
   */
  firstWhere(holds: (falseAccepts: number, trueAccepts: number) => boolean): number | undefined {
    if (holds(0, 0)) return 0;
    const ranked = this.#ranked;
    let bucket = 0;
    for (let high = ranked.buckets; bucket < high; ) {
      const middle = (bucket + high) >>> 1;
      const trueAccepts = this.#countGenuine((score) => ranked.bucketOf(score) <= middle);
      if (holds(ranked.startOf(middle + 1) - trueAccepts, trueAccepts)) high = middle;
      else bucket = middle + 1;
    }
    if (bucket === ranked.buckets) return undefined;
    let low = ranked.startOf(bucket);
    for (let high = ranked.startOf(bucket + 1) - 1; low < high; ) {
      const middle = (low + high) >>> 1;
      const point = this.next(middle);
      if (holds(this.falseAccepts(point), this.trueAccepts(point))) high = middle;
      else low = point;
    }
    return this.next(low);
  }

  /**
   * Twice the genuine-impostor combinations in which the genuine pair scores higher, ties counting half.
   *
   * Cost: O(genuine log genuine), and the sort of the buckets that hold a genuine score.
   */
  twiceInOrder(): number {
    const ranked = this.#ranked;
    let twice = 0;
    for (let rank = 0; rank < this.genuine; ) {
      const score = this.#genuineScores[rank];
      let after = rank;
      while (after < this.genuine && this.#genuineScores[after] === score) after++;
      const above = ranked.firstRankOf(score) - rank;
      const notBelow = ranked.rankBehind(score) - after;
      twice += (after - rank) * (2 * this.impostors - above - notBelow);
      rank = after;
    }
    return twice;
  }

  /**
   * The threshold of a point: the lowest accepted score; a pair is accepted at or above it.
   *
   * @returns for the point where nothing is accepted, the next number above the highest score.
   */
  threshold(point: number): number {
    return point > 0 ? this.#ranked.scoreAt(point - 1) : nextAbove(this.#ranked.scoreAt(0));
  }

  /** Genuine pairs whose score satisfies a condition that then all higher scores satisfy. */
  #countGenuine(holds: (score: number) => boolean): number {
    let low = 0;
    let high = this.genuine;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(this.#genuineScores[middle])) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * The ROC of scored pairs; equal scores are accepted together.
 *
 * @param ranked the pairs' scores.
 * @param scores Float64Array [pairs], those that are ranked.
 * @param labels Uint8Array [pairs]: 1 genuine, 0 impostor.
 * @throws {ShapeError} if scores and labels differ in number.
 * @throws {DatasetError} if there is no genuine or no impostor pair: then no rate is defined.
 * Cost: one pass over the labels and a sort of the genuine scores.
 */
export function computeRoc(ranked: RankedScores, scores: Float64Array, labels: Uint8Array): Roc {
  const { count } = ranked;
  if (labels.length !== count) {
    throw new ShapeError(`ROC: expected one label for each of ${count} scores, got ${labels.length}`);
  }
  let genuine = 0;
  for (let pair = 0; pair < count; pair++) genuine += labels[pair];
  if (genuine === 0 || genuine === count) {
    throw new DatasetError(
      `expected genuine and impostor pairs, got ${genuine} genuine and ${count - genuine} impostor; a rate needs both`,
    );
  }
  const genuineScores = new Float64Array(genuine);
  let filled = 0;
  for (let pair = 0; pair < count; pair++) if (labels[pair] === 1) genuineScores[filled++] = scores[pair];
  return new Roc(ranked, genuineScores.sort().reverse());
}

/** The smallest float64 greater than `value`. */
function nextAbove(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return view.getFloat64(0);
}
