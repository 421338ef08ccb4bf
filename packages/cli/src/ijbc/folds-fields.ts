import type { FoldEvaluation } from '@retinabench/eval-ijbc';
import { type Interval, twoSidedT } from '@retinabench/results';
import type { verificationFields } from './verification-record.js';

/** The fields of a verification with those of its folds. */
export function withFolds(fields: ReturnType<typeof verificationFields>, evaluation: FoldEvaluation) {
  const { folds, accuracy, tar, farReached } = evaluation;
  const [low, high] = intervalOverFolds(evaluation);
  return {
    ...fields,
    metrics: {
      ...fields.metrics,
      'folds.accuracy': accuracy.mean,
      'folds.accuracy.deviation': accuracy.deviation,
      'folds.accuracy.low': low,
      'folds.accuracy.high': high,
      'folds.tar': tar.mean,
      'folds.tar.deviation': tar.deviation,
      'folds.far': farReached,
      ...Object.fromEntries(
        folds.flatMap((fold, i) => [
          [`fold${i + 1}.accuracy`, fold.accuracy],
          [`fold${i + 1}.threshold`, fold.threshold],
          [`fold${i + 1}.tar`, fold.tar],
          [`fold${i + 1}.far`, fold.far],
          [`fold${i + 1}.thresholdAtFar`, fold.thresholdAtFar],
        ]),
      ),
    },
  };
}

/** 95 % of the mean accuracy by Student's t over the folds, whose people are disjoint. */
export function intervalOverFolds({ accuracy, folds }: FoldEvaluation): Interval {
  // The population deviation over sqrt(n - 1) is the sample deviation over sqrt(n).
  const half = (twoSidedT(0.05, folds.length - 1) * accuracy.deviation) / Math.sqrt(folds.length - 1);
  return [Math.max(0, accuracy.mean - half), Math.min(1, accuracy.mean + half)];
}
