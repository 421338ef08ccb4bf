import { ProtocolError } from '@retinabench/core/basics';
import type { LandmarkSummary } from '../record/landmark-result.js';
import { quantile } from '../stats/quantile.js';

/**
 * Sum up normalised errors. A missed face counts in failure rates and areas, as a failure, and not in the mean.
 *
 * @param errors     Float64Array [faces], at least one, each at least 0; Infinity for a missed face.
 * @param thresholds each above 0; they are the keys of the results, as text.
 * @throws {ProtocolError} if there is no face, or a threshold is not above 0.
 * Cost: O(n log n). The distribution of errors is a step function, so that its area is exact: the mean of max(0, t - error) / t.
 */
export function summariseErrors(errors: Float64Array, thresholds: readonly number[]): LandmarkSummary {
  const bad = thresholds.find((threshold) => !(threshold > 0 && Number.isFinite(threshold)));
  if (bad !== undefined) throw new ProtocolError(`failure threshold: expected a finite number above 0, got ${bad}`);
  if (errors.length === 0) throw new ProtocolError('landmark errors: expected at least one face, got none');
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
      // The sum of many thresholds is rounded upwards now and then: no area is greater than the whole.
      return Math.min(1, area / (threshold * errors.length));
    }),
  };
}

function moments(sorted: Float64Array): { nme: number; median: number; deviation: number } {
  let sum = 0;
  for (const error of sorted) sum += error;
  const nme = sum / sorted.length;
  let squares = 0;
  for (const error of sorted) squares += (error - nme) ** 2;
  return { nme, median: quantile(sorted, 0.5), deviation: Math.sqrt(squares / sorted.length) };
}
