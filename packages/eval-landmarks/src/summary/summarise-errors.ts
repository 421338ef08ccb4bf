import { ProtocolError } from '@retinabench/core';
import { quantile } from '@retinabench/results';

/** Errors of faces in numbers, or that there is no face. */
export type ErrorSummary =
  | {
      readonly faces: number;
      /** Faces that nothing matches, whose error is infinite. */
      readonly missed: number;
      /** Mean, median and population deviation of the errors of the faces that are matched; absent where none is. */
      readonly nme?: number;
      readonly median?: number;
      readonly deviation?: number;
      /** By threshold: share of all faces with a greater error. */
      readonly failureRate: Readonly<Record<string, number>>;
      /** By threshold: area under the share of faces up to it, over the threshold: 0..1. */
      readonly auc: Readonly<Record<string, number>>;
    }
  | { readonly faces: 0; readonly reason: 'no annotated face can be evaluated' };

/**
 * Sum up errors. A missed face counts in failure rates and areas, as a failure, and not in the mean.
 *
 * @param errors     Float64Array [faces], at least 0; Infinity for a missed face.
 * @param thresholds each above 0; they are the keys of the results, as text.
 * @throws {ProtocolError} if a threshold is not above 0.
 * Cost: O(n log n). The distribution of errors is a step function, so that its area is exact: the mean of max(0, t - error) / t.
 */
export function summariseErrors(errors: Float64Array, thresholds: readonly number[]): ErrorSummary {
  const bad = thresholds.find((threshold) => !(threshold > 0 && Number.isFinite(threshold)));
  if (bad !== undefined) throw new ProtocolError(`failure threshold: expected a finite number above 0, got ${bad}`);
  if (errors.length === 0) return { faces: 0, reason: 'no annotated face can be evaluated' };
  const matched = errors.filter((error) => Number.isFinite(error)).sort();
  const share = (of: (threshold: number) => number): Record<string, number> =>
    Object.fromEntries(thresholds.map((threshold) => [String(threshold), of(threshold)]));
  return {
    faces: errors.length,
    missed: errors.length - matched.length,
    ...(matched.length === 0 ? {} : moments(matched)),
    failureRate: share((threshold) => errors.filter((error) => error > threshold).length / errors.length),
    auc: share((threshold) => {
      let area = 0;
      for (const error of matched) area += Math.max(0, threshold - error);
      return area / (threshold * errors.length);
    }),
  };
}

function moments(sorted: Float64Array): { nme: number; median: number; deviation: number } {
  let sum = 0;
  for (const error of sorted) sum += error;
  const nme = sum / sorted.length;
  let squares = 0;
  for (const error of sorted) squares += (error - nme) ** 2;
  return { nme, median: quantile([...sorted], 0.5), deviation: Math.sqrt(squares / sorted.length) };
}
