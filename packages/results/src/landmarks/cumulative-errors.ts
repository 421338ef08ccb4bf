/** Cumulative distribution of errors: `share[i]` of the faces have an error of at most `error[i]`. */
export interface CumulativeErrors {
  /** Ascending, from 0 to the limit. */
  readonly error: readonly number[];
  readonly share: readonly number[];
}

/**
 * The cumulative error distribution (CED) on a grid.
 *
 * @param errors Float64Array [faces]; Infinity for a missed face, which no share includes.
 * @param limit  the largest error of the grid.
 * @param steps  of the grid, from 0 to the limit.
 * Cost: O(n log n + steps).
 */
export function cumulativeErrors(errors: Float64Array, limit: number, steps: number): CumulativeErrors {
  const sorted = Float64Array.from(errors).sort();
  const error = Array.from({ length: steps + 1 }, (_, i) => (limit * i) / steps);
  let below = 0;
  const share = error.map((bound) => {
    while (below < sorted.length && sorted[below] <= bound) below++;
    return sorted.length === 0 ? 0 : below / sorted.length;
  });
  return { error, share };
}
