import type { FewLosses, Interval, ResultRecord } from '@retinabench/results';

/** A difference, record minus baseline, with its 95 % interval. */
export interface DifferenceInterval {
  readonly difference: number;
  readonly interval: Interval;
  /** Two-sided p-value of the hypothesis that the true difference is `bound`; absent: as of a normal distribution. */
  readonly pValue?: (bound: number) => number;
  /** Where so few units differ that an interval cannot tell, and none got better: what their count says. */
  readonly losses?: FewLosses;
  /** What was resampled or summed over. */
  readonly sample?: DifferenceSample;
  /** What a reader should know of the interval, as the end of a sentence: `no image differs`. */
  readonly caveat?: string;
}

/** The units that a paired difference rests on. */
export interface DifferenceSample {
  /** Such as `images`. */
  readonly unit: string;
  readonly count: number;
  /** Units that differ; 0: nothing that the number depends on has changed. */
  readonly differing: number;
  /** Smallest loss that so many units tell from none, in the unit of the number. */
  readonly tells: number;
  /** The same as more units like these would have it, and from how many on; absent: as `tells`, from any number on. */
  readonly ofMany?: { readonly tells: number; readonly from: number };
}

/** How two records differ in one number on the same images; undefined if the records lack what that takes. */
export type PairedDifference = (
  baseline: ResultRecord,
  record: ResultRecord,
  subject: string,
) => DifferenceInterval | undefined;
