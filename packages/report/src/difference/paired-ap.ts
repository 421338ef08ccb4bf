import {
  type ApDifference,
  differencePValue,
  fewImages,
  pairedDetectionDifference,
  pairedDifference,
  type ResultRecord,
  type Split,
  splits,
  tellableLoss,
} from '@retinabench/results';
import { caveatOfAp } from './caveat-of-ap.js';
import type { DifferenceInterval, PairedDifference } from './difference-interval.js';
import { pairedFoldDifference } from './paired-folds.js';
import { pairedLandmarkDifference } from './paired-landmarks.js';

/** How paired differences are worked out. */
export interface PairedOptions {
  /** Resamples of the images of landmark records, at least 2; 1,000 by default. All other records are sums over images, and draw nothing. */
  readonly resamples?: number | undefined;
}

/**
 * The paired difference in AP of two records, worked out once for all splits of a pair and kept; of detection records, in
 * any number that has influences of the images; of landmark records, in any number; of
 * verifications in folds, in accuracy and TAR.
 *
 * @returns a function that gives undefined where a record has no per-image data, and throws as `pairedDifference` where
 * the two do not hold the same images.
 * Cost: that of `pairedDifference`, on the first split of each pair.
 */
export function pairedApDifferences({ resamples }: PairedOptions = {}): PairedDifference {
  const known = new Map<ResultRecord, Map<ResultRecord, Partial<Record<Split, ApDifference>>>>();
  return (baseline, record, subject) => {
    if (baseline.detection !== undefined && record.detection !== undefined) {
      const difference = pairedDetectionDifference(baseline, record, subject);
      return difference === undefined ? undefined : withEvidence(difference);
    }
    if (baseline.landmarks !== undefined && record.landmarks !== undefined) {
      return pairedLandmarkDifference(baseline, record, subject, resamples);
    }
    if (baseline.folds !== undefined && record.folds !== undefined) {
      return pairedFoldDifference(baseline, record, subject);
    }
    if (baseline.images === undefined || record.images === undefined) return undefined;
    const split = splits.find((name) => name === subject);
    if (split === undefined) return undefined;
    const ofBaseline = known.get(baseline) ?? new Map<ResultRecord, Partial<Record<Split, ApDifference>>>();
    known.set(baseline, ofBaseline);
    const differences = ofBaseline.get(record) ?? pairedDifference(baseline, record);
    ofBaseline.set(record, differences);
    const difference = differences[split];
    return difference === undefined ? undefined : withEvidence(difference);
  };
}

function withEvidence(difference: ApDifference): DifferenceInterval {
  const caveat = caveatOfAp(difference);
  return {
    difference: difference.difference,
    interval: difference.interval,
    ...(difference.losses === undefined ? {} : { losses: difference.losses }),
    pValue: (bound) => differencePValue(difference, bound),
    sample: {
      unit: 'images',
      count: difference.images,
      differing: difference.deciding === 0 ? 0 : difference.differing,
      tells: tellableLoss(difference.spread.standardError, difference.unseen.loss),
      ofMany: {
        tells: tellableLoss(difference.measuredError),
        // As many images as would hold `fewImages` that differ.
        from: Math.ceil((difference.images * fewImages) / Math.max(1, difference.differing)),
      },
    },
    ...(caveat === undefined ? {} : { caveat }),
  };
}
