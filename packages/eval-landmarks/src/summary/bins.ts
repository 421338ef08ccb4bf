import type { AttributeColumn } from '@retinabench/annotations';
import { DatasetError } from '@retinabench/core';

/** How the faces are split by a column of numbers. */
export interface BinRule {
  /** Upper bounds, ascending, each within its bin; what is greater than the last is a bin of its own. */
  readonly edges: readonly number[];
  /** Split by magnitude. */
  readonly absolute: boolean;
}

/** The rule of AFLW2000-3D: |yaw| <= 30, (30, 60], > 60; a fitted yaw beyond 180 degrees is an outlier and falls into the last. */
export const yawBins: BinRule = { edges: [30, 60], absolute: true };

/** Most words of a column that it is split by. */
const mostWords = 100;

/**
 * The faces of each bin of a column, in the order of the bins: of numbers by `rule`, of words by word.
 *
 * @param name  of the column, for messages and names of bins.
 * @param rule  of numbers; absent: each number is a bin of its own, as of levels of occlusion.
 * @returns bins that hold a face; a face without a value is in none.
 * @throws {DatasetError} if there would be more than 100 of them.
 */
export function binFaces(name: string, column: AttributeColumn, rule?: BinRule): Map<string, number[]> {
  const bins = new Map<string, number[]>();
  const names = rule === undefined || column.kind === 'word' ? [] : binNames(name, rule);
  for (const bin of names) bins.set(bin, []);
  for (let face = 0; face < column.values.length; face++) {
    const value = column.values[face];
    if (value === undefined || Number.isNaN(value)) continue;
    const bin = typeof value === 'number' && rule !== undefined ? names[indexOf(value, rule)] : String(value);
    const faces = bins.get(bin) ?? [];
    bins.set(bin, faces);
    faces.push(face);
  }
  for (const [bin, faces] of bins) if (faces.length === 0) bins.delete(bin);
  if (bins.size > mostWords) {
    throw new DatasetError(
      `column ${name}: expected at most ${mostWords} values to split by, got ${bins.size}; give bounds of bins for numbers`,
    );
  }
  if (rule !== undefined) return bins;
  return new Map([...bins].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function indexOf(value: number, { edges, absolute }: BinRule): number {
  const size = absolute ? Math.abs(value) : value;
  const at = edges.findIndex((edge) => size <= edge);
  return at < 0 ? edges.length : at;
}

/** `|yaw| <= 30`, `30 < |yaw| <= 60`, `|yaw| > 60`. */
function binNames(name: string, { edges, absolute }: BinRule): string[] {
  const what = absolute ? `|${name}|` : name;
  return [
    ...edges.map((edge, at) => (at === 0 ? `${what} <= ${edge}` : `${edges[at - 1]} < ${what} <= ${edge}`)),
    `${what} > ${edges[edges.length - 1]}`,
  ];
}
