import { ShapeError } from '@retinabench/core/basics';

/**
 * P-values adjusted for all comparisons of one table: rejecting those below alpha makes one or more false rejections with
 * probability alpha at most, however the comparisons depend on each other.
 *
 * @param pValues 0..1, in any order.
 * @returns Float64Array, in the same order, 0..1; at least the p-value each.
 * @throws {ShapeError} if a value is outside 0..1 or not a number.
 * Source: Holm (1979), Scandinavian Journal of Statistics 6, 65-70; `p.adjust(p, "holm")` of R.
 */
export function holm(pValues: ArrayLike<number>): Float64Array {
  const order = Array.from(pValues, (_, index) => index).sort((a, b) => pValues[a] - pValues[b]);
  const adjusted = new Float64Array(pValues.length);
  let largest = 0;
  order.forEach((index, rank) => {
    const p = pValues[index];
    if (!(p >= 0 && p <= 1)) throw new ShapeError(`Holm: expected p-values from 0 to 1, got ${p} at ${index}`);
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * p));
    adjusted[index] = largest;
  });
  return adjusted;
}
