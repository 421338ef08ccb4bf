import { ShapeError } from '@retinabench/core/basics';

/**
 * The p-quantile of a sample by the R-7 rule (Hyndman and Fan, 1996; the default of R and NumPy): linear between the
 * two order statistics around (n - 1) p.
 *
 * @param values at least one finite number, in any order.
 * @param p      0..1.
 * @throws {ShapeError} if there are no values or `p` is outside 0..1.
 * Cost: O(n log n), one copy.
 */
export function quantile(values: ArrayLike<number>, p: number): number {
  if (values.length === 0 || !(p >= 0 && p <= 1)) {
    throw new ShapeError(`quantile: expected at least one value and p from 0 to 1, got ${values.length} and ${p}`);
  }
  const sorted = new Float64Array(values).sort();
  const position = (sorted.length - 1) * p;
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}
