import type { Interval } from '@retinabench/results';

/**
 * 95 % interval of `value - before` from the intervals of both, taken as independent: half-widths add in quadrature
 * (Newcombe 1998, method 10, uses the same rule on Wilson intervals). On the same data the errors are positively
 * correlated, so it is wider than needed, never narrower.
 */
export function intervalOfDifference(before: number, was: Interval, value: number, is: Interval): Interval {
  const difference = value - before;
  return [
    difference - Math.hypot(value - is[0], was[1] - before),
    difference + Math.hypot(is[1] - value, before - was[0]),
  ];
}

/**
 * 95 % interval of a median from its median absolute deviation, as if the sample were normal: standard deviation
 * 1.4826 MAD, standard error of the median sqrt(pi / 2) / sqrt(n) of it. Rough for skewed times, and blind to whatever
 * was the same in all of the run; for a display, never for a decision.
 */
export function intervalOfMedian({ median, mad, n }: { median: number; mad: number; n: number }): Interval {
  const half = (1.96 * Math.sqrt(Math.PI / 2) * 1.4826 * mad) / Math.sqrt(n);
  return [Math.max(0, median - half), median + half];
}
