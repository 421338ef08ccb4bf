import { landmarkDifference, type ResultRecord, tellableLoss } from '@retinabench/results';
import type { DifferenceInterval } from './difference-interval.js';

/**
 * How a number of two landmark records differs, by the paired bootstrap over images.
 *
 * @param subject `nme`, `errorPx`, `missed`, `failureRate.T` or `auc.T`.
 * @returns undefined where the records are not of the same faces, or lack the number.
 */
export function pairedLandmarkDifference(
  baseline: ResultRecord,
  record: ResultRecord,
  subject: string,
): DifferenceInterval | undefined {
  const found = landmarkDifference(baseline, record, subject === 'errorPx' ? 'nme' : subject);
  if (found.kind !== 'paired') return undefined;
  const { difference, interval, pValue, differing, few, standardError, deciding } = found;
  const caveat =
    differing === 0
      ? 'no image differs'
      : few
        ? `about ${differing} of ${deciding} images make up the difference`
        : undefined;
  return {
    difference,
    interval,
    ...(pValue === undefined ? {} : { pValue }),
    sample: { unit: 'images', count: deciding, differing, tells: tellableLoss(standardError) },
    ...(caveat === undefined ? {} : { caveat }),
  };
}
