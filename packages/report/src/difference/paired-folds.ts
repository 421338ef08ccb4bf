import { foldDifference, type ResultRecord, tellableLoss } from '@retinabench/results';
import type { DifferenceInterval } from './difference-interval.js';

/**
 * How accuracy or TAR of two verifications in folds differs, paired by fold.
 *
 * @returns undefined where the records are not of the same folds.
 */
export function pairedFoldDifference(
  baseline: ResultRecord,
  record: ResultRecord,
  subject: string,
): DifferenceInterval | undefined {
  const found = foldDifference(baseline, record, subject);
  if (found.kind !== 'paired') return undefined;
  const { difference, interval, pValue, folds, differing, standardError, pairs } = found;
  const caveat =
    pairs === undefined
      ? undefined
      : `${pairs.candidateOnly} of ${pairs.count} pairs got better and ${pairs.baselineOnly} worse`;
  return {
    difference,
    interval,
    ...(pValue === undefined ? {} : { pValue }),
    sample: { unit: 'folds', count: folds, differing, tells: tellableLoss(standardError) },
    ...(caveat === undefined ? {} : { caveat }),
  };
}
