import type { Roc } from './roc.js';

/**
 * Area under the ROC: the share of genuine-impostor combinations in which the genuine pair scores higher, ties counting
 * half.
 *
 * @returns 0..1. The sum is over whole and half numbers and exact up to 2^53.
 */
export function areaUnderRoc({ falseAccepts, trueAccepts, genuine, impostors, points }: Roc): number {
  let twice = 0;
  for (let point = 1; point < points; point++) {
    twice += (falseAccepts[point] - falseAccepts[point - 1]) * (trueAccepts[point] + trueAccepts[point - 1]);
  }
  return twice / 2 / genuine / impostors;
}

/**
 * Equal error rate: where the share of accepted impostor pairs equals that of rejected genuine pairs, on the straight
 * line between the two points of the ROC around it.
 *
 * @returns 0..1.
 */
export function equalErrorRate({ falseAccepts, trueAccepts, genuine, impostors, points }: Roc): number {
  const far = (point: number): number => falseAccepts[point] / impostors;
  const gap = (point: number): number => far(point) - (1 - trueAccepts[point] / genuine);
  let low = 0;
  let high = points - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (gap(middle) < 0) low = middle;
    else high = middle;
  }
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
  const { falseAccepts, trueAccepts, genuine, impostors, points } = roc;
  const far: number[] = [];
  const tar: number[] = [];
  let point = 0;
  let allowed = 0;
  for (let step = 0; ; step++) {
    while (point + 1 < points && falseAccepts[point + 1] <= allowed) point++;
    const here = falseAccepts[point] / impostors;
    if (here === far.at(-1)) tar[tar.length - 1] = trueAccepts[point] / genuine;
    else {
      far.push(here);
      tar.push(trueAccepts[point] / genuine);
    }
    if (point === points - 1) return { far, tar };
    allowed = Math.floor(10 ** (step / perDecade) * (1 + 1e-12));
  }
}
