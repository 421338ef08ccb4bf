import type { ResultRecord } from '../../record/record.js';
import { type Contradiction, checkInterval, requireEqual, requireThat } from './contradiction.js';

const everywhere = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

/**
 * Contradictions within a matrix: a combination has numbers or an error, each stands once, intervals hold their numbers, and a
 * difference is that of its number to the first combination's.
 */
export function findMatrixContradictions({ matrix }: ResultRecord): Contradiction[] {
  if (matrix === undefined) return [];
  const first = matrix.find(({ values }) => values !== undefined);
  const seen = new Set<string>();
  return matrix.flatMap((cell, index) => {
    const { values, interval = {}, difference = {}, error, model, backend, scale } = cell;
    const path = `matrix[${index}]`;
    const name = JSON.stringify([model, backend, scale]);
    const again = seen.has(name);
    seen.add(name);
    const state = values === undefined ? 'no values' : 'values';
    return [
      ...requireThat(!again, path, 'each combination once', name),
      ...requireThat(
        (values === undefined) !== (error === undefined),
        path,
        'values or an error',
        `${state} and ${error === undefined ? 'no error' : 'an error'}`,
      ),
      ...requireThat(cell !== first || cell.difference === undefined, path, 'no difference to itself', 'one'),
      ...Object.entries(interval).flatMap(([key, bounds]) =>
        checkInterval(`${path}.interval.${key}`, bounds, values?.[key], everywhere),
      ),
      ...Object.entries(difference).flatMap(([key, { value, interval: bounds }]) => {
        const [is, was] = [values?.[key], first?.values?.[key]];
        const place = `${path}.difference.${key}`;
        return [
          ...(is === undefined || was === undefined
            ? requireThat(false, place, 'no difference, for a number is missing', value)
            : requireEqual(`${place}.value`, is - was, value, 'from the two numbers')),
          ...checkInterval(`${place}.interval`, bounds, value, everywhere),
        ];
      }),
    ];
  });
}
