import type { Interval } from '../record/interval.js';

/**
 * The smallest interval that holds both an interval and a value. A percentile interval of few samples can leave out the
 * value that it is of: the resamples are biased, the value is not.
 */
export function intervalHolding([low, high]: Interval, value: number): Interval {
  return [Math.min(low, value), Math.max(high, value)];
}
