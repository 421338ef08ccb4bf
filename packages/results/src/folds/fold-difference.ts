import type { Interval } from '../record/interval.js';
import type { ResultRecord } from '../record/record.js';
import { betaDistribution } from '../stats/beta.js';
import { twoSidedT, twoSidedTail } from '../stats/student-t.js';
import { decodeBits } from './pair-bits.js';

/** How accuracy or TAR over folds differs, paired by fold; or why it is not paired. */
export type FoldDifference =
  | {
      readonly kind: 'paired';
      /** Mean over the folds of candidate - baseline. */
      readonly difference: number;
      /** 95 %, Student's t over the folds, whose people are disjoint. */
      readonly interval: Interval;
      readonly folds: number;
      readonly standardError: number;
      /** Folds that differ. */
      readonly differing: number;
      /** Two-sided p-value of a true difference of `bound`; absent where no fold differs. */
      readonly pValue?: (bound: number) => number;
      /** Of accuracy, where both records hold their pairs: those that one alone judges rightly. */
      readonly pairs?: {
        readonly count: number;
        readonly baselineOnly: number;
        readonly candidateOnly: number;
        /** Exact test of McNemar (binomial, two-sided): pairs that differ are as likely to get better as worse. */
        readonly pValue: number;
      };
    }
  | { readonly kind: 'not paired'; readonly why: string };

/**
 * How two verifications in folds differ on the same pairs.
 *
 * @param name `accuracy` or `tar`.
 */
export function foldDifference(baseline: ResultRecord, record: ResultRecord, name: string): FoldDifference {
  const [was, is] = [valuesOf(baseline, name), valuesOf(record, name)];
  if (was.length < 2 || was.length !== is.length) {
    return { kind: 'not paired', why: `the records have ${was.length} and ${is.length} folds` };
  }
  if (baseline.dataset?.name !== record.dataset?.name)
    return { kind: 'not paired', why: 'the records are of other pairs' };
  const changes = is.map((value, fold) => value - was[fold]);
  const n = changes.length;
  const difference = changes.reduce((sum, change) => sum + change, 0) / n;
  const squares = changes.reduce((sum, change) => sum + (change - difference) ** 2, 0);
  const standardError = Math.sqrt(squares / (n - 1) / n);
  const half = twoSidedT(0.05, n - 1) * standardError;
  const pairs = name === 'accuracy' ? differingPairs(baseline, record) : undefined;
  return {
    kind: 'paired',
    difference,
    interval: [difference - half, difference + half],
    folds: n,
    standardError,
    differing: changes.filter((change) => change !== 0).length,
    ...(standardError > 0
      ? { pValue: (bound: number) => twoSidedTail(Math.abs(difference - bound) / standardError, n - 1) }
      : {}),
    ...(pairs === undefined ? {} : { pairs }),
  };
}

function valuesOf({ metrics = {} }: ResultRecord, name: string): number[] {
  const values: number[] = [];
  while (metrics[`fold${values.length + 1}.${name}`] !== undefined) {
    values.push(metrics[`fold${values.length + 1}.${name}`]);
  }
  return values;
}

function differingPairs({ folds: was }: ResultRecord, { folds: is }: ResultRecord) {
  if (was === undefined || is === undefined || was.pairs !== is.pairs) return undefined;
  const [before, after] = [decodeBits(was.correct, was.pairs), decodeBits(is.correct, is.pairs)];
  if (before === undefined || after === undefined) return undefined;
  const only = (of: Uint8Array, other: Uint8Array): number =>
    of.reduce((sum, right, pair) => sum + (right === 1 && other[pair] === 0 ? 1 : 0), 0);
  const [baselineOnly, candidateOnly] = [only(before, after), only(after, before)];
  return {
    count: was.pairs,
    baselineOnly,
    candidateOnly,
    pValue: exactTest(Math.min(baselineOnly, candidateOnly), baselineOnly + candidateOnly),
  };
}

/** Two-sided binomial test of one half: P(X <= k) = I_(1/2)(n - k, k + 1), Abramowitz and Stegun 26.5.24. */
function exactTest(fewer: number, count: number): number {
  return count === 0 ? 1 : Math.min(1, 2 * betaDistribution(0.5, count - fewer, fewer + 1));
}
