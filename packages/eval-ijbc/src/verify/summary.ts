import type { Roc } from './roc.js';

/**
 * Area under the ROC: the share of genuine-impostor combinations in which the genuine pair scores higher, ties counting
 * half.
 *
 * @returns 0..1. The sum is over whole and half numbers and exact up to 2^53.
 */
export function areaUnderRoc(roc: Roc): number {
  return roc.twiceInOrder() / 2 / roc.genuine / roc.impostors;
}

/**
 * Equal error rate: where the share of accepted impostor pairs equals that of rejected genuine pairs, on the straight
 * line between the two points of the ROC around it.
 *
 * @returns 0..1.
 */
export function equalErrorRate(roc: Roc): number {
  const far = (point: number): number => roc.falseAccepts(point) / roc.impostors;
  const gapOf = (falseAccepts: number, trueAccepts: number): number =>
    falseAccepts / roc.impostors - (1 - trueAccepts / roc.genuine);
  const gap = (point: number): number => gapOf(roc.falseAccepts(point), roc.trueAccepts(point));
  const high = roc.firstWhere((falseAccepts, trueAccepts) => gapOf(falseAccepts, trueAccepts) >= 0) ?? roc.last;
  const low = roc.previous(high);
  const share = gap(low) / (gap(low) - gap(high));
  return far(low) + share * (far(high) - far(low));
}

/** Scores of genuine and impostor pairs counted in bins of equal width. */
export interface ScoreHistogram {
  /** Lower edge of the first and upper edge of the last bin. */
  readonly low: number;
  readonly high: number;
  readonly genuine: readonly number[];
  readonly impostor: readonly number[];
}

/**
 * Count scores in `bins` bins of equal width between the lowest and the highest score, the last with its upper edge.
 *
 * Cost: O(scores).
 */
export function scoreHistogram(scores: Float64Array, labels: Uint8Array, bins: number): ScoreHistogram {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < scores.length; i++) {
    if (scores[i] < low) low = scores[i];
    if (scores[i] > high) high = scores[i];
  }
  const counts = [new Uint32Array(bins), new Uint32Array(bins)];
  const perUnit = high > low ? bins / (high - low) : 0;
  for (let i = 0; i < scores.length; i++) {
    counts[labels[i]][Math.min(bins - 1, Math.floor((scores[i] - low) * perUnit))]++;
  }
  return { low, high, genuine: [...counts[1]], impostor: [...counts[0]] };
}

/** Points of a ROC thinned for a figure; DET is the same with 1 - tar. */
export interface RocCurve {
  readonly far: readonly number[];
  readonly tar: readonly number[];
}

/**
 * The ROC at FARs evenly spread on a logarithmic scale: the last point that is not above each, without repetition, and
 * the end at (1, 1).
 *
 * @param perDecade points per factor of ten, from one impostor pair on.
 */
export function thinRoc(roc: Roc, perDecade: number): RocCurve {
  const far: number[] = [];
  const tar: number[] = [];
  let allowed = 0;
  for (let step = 0; ; step++) {
    const most = allowed;
    const above = roc.firstWhere((falseAccepts) => falseAccepts > most);
    const point = above === undefined ? roc.last : roc.previous(above);
    const here = roc.falseAccepts(point) / roc.impostors;
    if (here === far.at(-1)) tar[tar.length - 1] = roc.trueAccepts(point) / roc.genuine;
    else {
      far.push(here);
      tar.push(roc.trueAccepts(point) / roc.genuine);
    }
    if (point === roc.last) return { far, tar };
    allowed = Math.floor(10 ** (step / perDecade) * (1 + 1e-12));
  }
}
