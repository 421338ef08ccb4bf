import { ShapeError } from '@retinabench/core/basics';
import type { Interval } from '../record/interval.js';
import { quantile } from './quantile.js';

/** A shift with its 95 % interval. */
export interface Shift {
  readonly estimate: number;
  readonly interval: Interval;
}

/**
 * The Hodges-Lehmann estimate of the centre of paired differences, the median of the means of all pairs (each with
 * itself too), with the 95 % interval of Wilcoxon's signed-rank test in its normal approximation. Fewer than six
 * differences cannot reach 95 %: their interval is that from the smallest to the largest.
 *
 * @throws {ShapeError} if there is no difference.
 * Cost: O(n^2 log n).
 * Source: Hodges and Lehmann 1963; Hollander and Wolfe, section 3.3: from W^(C) to W^(M + 1 - C) of the M ordered means,
 * C = n (n + 1) / 4 - 1.96 sqrt(n (n + 1) (2 n + 1) / 24), rounded down.
 */
export function hodgesLehmann(differences: readonly number[]): Shift {
  const n = differences.length;
  if (n === 0) throw new ShapeError('Hodges-Lehmann estimate: expected at least one difference, got none');
  const means = new Float64Array((n * (n + 1)) / 2);
  let at = 0;
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) means[at++] = (differences[i] + differences[j]) / 2;
  means.sort();
  const spread = 1.959964 * Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24);
  // The C-th smallest and the C-th largest mean, counted from 1.
  const rank = Math.max(1, Math.floor((n * (n + 1)) / 4 - spread));
  return { estimate: quantile(means, 0.5), interval: [means[rank - 1], means[means.length - rank]] };
}
