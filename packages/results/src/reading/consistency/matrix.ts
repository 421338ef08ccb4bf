import type { MatrixCellResult, MatrixResult } from '../../record/matrix-result.js';
import type { ResultRecord } from '../../record/record.js';
import { type Contradiction, checkInterval, requireEqual, requireThat } from './contradiction.js';

const everywhere = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

/**
 * Contradictions within a matrix: a combination has numbers or an error, each stands once, intervals hold their numbers, and a
 * difference is that of its number to the first combination's, on corrupted images to that of the same detector on clean ones.
 */
export function findMatrixContradictions({ matrix }: ResultRecord): Contradiction[] {
  if (matrix === undefined) return [];
  const first = matrix.find(({ values }) => values !== undefined);
  const seen = new Set<string>();
  return matrix.flatMap((cell, index) => {
    const { values, interval = {}, difference = {}, error, model, backend, scale, perturb } = cell;
    const path = `matrix[${index}]`;
    const name = JSON.stringify([model, backend, scale, ...(perturb === undefined ? [] : [perturb])]);
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
        const [is, was] = [values?.[key], baselineOf(cell, matrix, first)?.values?.[key]];
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

function baselineOf(
  { model, backend, scale, perturb }: MatrixCellResult,
  matrix: MatrixResult,
  first: MatrixCellResult | undefined,
): MatrixCellResult | undefined {
  if (perturb === undefined) return first;
  return matrix.find(
    (other) =>
      other.model === model && other.backend === backend && other.scale === scale && other.perturb === undefined,
  );
}
