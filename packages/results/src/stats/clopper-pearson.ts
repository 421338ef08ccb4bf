import { ShapeError } from '@retinabench/core/basics';
import type { Interval } from '../record/interval.js';
import { betaQuantile } from './beta.js';

/**
 * Exact (Clopper-Pearson, 1934) interval of a proportion: its ends are quantiles of beta distributions.
 *
 * @param successes  0..trials.
 * @param trials     at least 1.
 * @param confidence 0.95 by default; each side is missed with at most half of the rest.
 * @returns [low, high], 0..1; low is 0 without a success, high is 1 without a failure.
 * @throws {ShapeError} if the counts are not whole numbers in that range.
 */
export function clopperPearsonInterval(successes: number, trials: number, confidence = 0.95): Interval {
  if (!Number.isInteger(successes) || !Number.isInteger(trials) || successes < 0 || trials < 1 || successes > trials) {
    throw new ShapeError(`proportion: expected 0 to n successes in n >= 1 trials, got ${successes} in ${trials}`);
  }
  const miss = (1 - confidence) / 2;
  const failures = trials - successes;
  return [
    successes === 0 ? 0 : betaQuantile(miss, successes, failures + 1),
    failures === 0 ? 1 : betaQuantile(1 - miss, successes + 1, failures),
  ];
}
