import { ShapeError } from '@retinabench/core/basics';
import { upperNormal } from './upper-normal.js';

/** Wilcoxon's signed-rank test of paired differences. */
export interface SignedRank {
  /** Sum of the ranks of the positive differences. */
  readonly positiveRanks: number;
  /** Differences that are not zero; zeros are left out, as Wilcoxon did. */
  readonly n: number;
  /** One-sided p-value against differences that tend above zero. */
  readonly pGreater: number;
  /** One-sided p-value against differences that tend below zero. */
  readonly pLess: number;
}

/** Up to this many differences without ties the distribution is counted out, else approximated. */
const exactUpTo = 60;

/**
 * Wilcoxon's signed-rank test, one-sided both ways: do the differences tend above (below) zero? Assumes independent
 * pairs whose differences are symmetric about their median under the null hypothesis; nothing about their spread.
 *
 * Exact for up to 60 differences without ties; else normal with the correction for ties and for continuity.
 *
 * @throws {ShapeError} if a difference is not finite.
 * Cost: O(n log n), exact O(n^3).
 * Source: Wilcoxon 1945; Lehmann 1975, section 3.2 (variance under ties).
 */
export function signedRankTest(differences: readonly number[]): SignedRank {
  const bad = differences.find((value) => !Number.isFinite(value));
  if (bad !== undefined) throw new ShapeError(`signed-rank test: expected finite differences, got ${bad}`);
  const sorted = differences.filter((value) => value !== 0).sort((a, b) => Math.abs(a) - Math.abs(b));
  const n = sorted.length;
  if (n === 0) return { positiveRanks: 0, n, pGreater: 1, pLess: 1 };
  let positiveRanks = 0;
  let tieTerm = 0;
  for (let from = 0; from < n; ) {
    let to = from + 1;
    while (to < n && Math.abs(sorted[to]) === Math.abs(sorted[from])) to++;
    const rank = (from + 1 + to) / 2;
    for (let i = from; i < to; i++) if (sorted[i] > 0) positiveRanks += rank;
    tieTerm += (to - from) ** 3 - (to - from);
    from = to;
  }
  const total = (n * (n + 1)) / 2;
  const upperTail = n <= exactUpTo && tieTerm === 0 ? exactTail(n) : normalTail(n, tieTerm);
  return { positiveRanks, n, pGreater: upperTail(positiveRanks), pLess: upperTail(total - positiveRanks) };
}

/** P(W >= w) for the sum of a random subset of the ranks 1..n, by counting subsets of each sum. */
function exactTail(n: number): (w: number) => number {
  const total = (n * (n + 1)) / 2;
  const share = new Float64Array(total + 1);
  share[0] = 1;
  for (let rank = 1; rank <= n; rank++) {
    for (let sum = (rank * (rank + 1)) / 2; sum >= 0; sum--) {
      share[sum] = (share[sum] + (sum >= rank ? share[sum - rank] : 0)) / 2;
    }
  }
  return (w) => {
    let tail = 0;
    for (let sum = total; sum >= w; sum--) tail += share[sum];
    return Math.min(1, tail);
  };
}

function normalTail(n: number, tieTerm: number): (w: number) => number {
  const mean = (n * (n + 1)) / 4;
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - tieTerm / 48;
  return (w) => upperNormal((w - 0.5 - mean) / Math.sqrt(variance));
}
