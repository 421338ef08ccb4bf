import { formatCount, landmarkDifference, type ResultRecord, tellableLoss } from '@retinabench/results';
import type { DifferenceInterval } from './difference-interval.js';

/**
 * How a number of two landmark records differs, by the paired bootstrap over images.
 *
 * @param subject `nme`, `errorPx`, `missed`, `failureRate.T` or `auc.T`.
 * @param draws resamples, which the caveat states; absent: 1,000, which it does not.
 * @returns undefined where the records are not of the same faces, or lack the number.
 */
export function pairedLandmarkDifference(
  baseline: ResultRecord,
  record: ResultRecord,
  subject: string,
  draws?: number,
): DifferenceInterval | undefined {
  const found = landmarkDifference(baseline, record, subject === 'errorPx' ? 'nme' : subject, draws);
  if (found.kind !== 'paired') return undefined;
  const { difference, interval, pValue, differing, few, standardError, deciding } = found;
  const images =
    differing === 0
      ? 'no image differs'
      : few
        ? `about ${differing} of ${deciding} images make up the difference`
        : undefined;
  const resamples = draws === undefined ? undefined : `${formatCount(draws)} resamples of the images`;
  const caveats = [images, resamples].filter((part) => part !== undefined);
  return {
    difference,
    interval,
    ...(pValue === undefined ? {} : { pValue }),
    sample: { unit: 'images', count: deciding, differing, tells: tellableLoss(standardError) },
    ...(caveats.length === 0 ? {} : { caveat: caveats.join('; ') }),
  };
}
