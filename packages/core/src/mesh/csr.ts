import { ShapeError } from '../errors.js';
import type { FloatArray } from './float-array.js';

/** A sparse matrix in compressed rows. */
export interface CsrMatrix {
  readonly rows: number;
  readonly columns: number;
  /** Uint32Array [rows + 1]: the entries of row i are at `rowStart[i] .. rowStart[i + 1]`. */
  readonly rowStart: Uint32Array;
  /** Uint32Array [nnz], ascending within a row. */
  readonly columnIndex: Uint32Array;
  /** [nnz]. */
  readonly values: FloatArray;
}

/**
 * Sparse times dense: out = M x.
 *
 * @param x   [columns, features], row-major.
 * @param out [rows, features]: receives the product; may not be `x`.
 * @returns `out`.
 * @throws {ShapeError} if a length does not fit.
 * Cost: O(nnz x features), allocates nothing.
 */
export function csrMultiply<T extends FloatArray>(matrix: CsrMatrix, x: FloatArray, features: number, out: T): T {
  const { rows, columns, rowStart, columnIndex, values } = matrix;
  if (x.length !== columns * features || out.length !== rows * features) {
    throw new ShapeError(
      `csrMultiply: expected x [${columns}, ${features}] and out [${rows}, ${features}], got lengths ${x.length} and ${out.length}`,
    );
  }
  out.fill(0);
  for (let row = 0; row < rows; row++) {
    const to = row * features;
    for (let at = rowStart[row]; at < rowStart[row + 1]; at++) {
      const value = values[at];
      const from = columnIndex[at] * features;
      for (let feature = 0; feature < features; feature++) out[to + feature] += value * x[from + feature];
    }
  }
  return out;
}

/** The transpose, rows again ascending. Cost: O(nnz). */
export function csrTranspose(matrix: CsrMatrix): CsrMatrix {
  const { rows, columns, rowStart, columnIndex, values } = matrix;
  const start = new Uint32Array(columns + 1);
  for (const column of columnIndex) start[column + 1]++;
  for (let column = 0; column < columns; column++) start[column + 1] += start[column];
  const next = start.slice();
  const transposedIndex = new Uint32Array(columnIndex.length);
  const transposedValues = values.slice();
  for (let row = 0; row < rows; row++) {
    for (let at = rowStart[row]; at < rowStart[row + 1]; at++) {
      const to = next[columnIndex[at]]++;
      transposedIndex[to] = row;
      transposedValues[to] = values[at];
    }
  }
  return { rows: columns, columns: rows, rowStart: start, columnIndex: transposedIndex, values: transposedValues };
}

/**
 * Check that the arrays make a matrix, before anything read from a file is indexed with.
 *
 * @param place what the matrix is, for the message.
 * @throws {ShapeError} if a length, a row start or a column does not fit, or a value is not finite.
 */
export function assertCsr(matrix: CsrMatrix, place: string): void {
  const { rows, columns, rowStart, columnIndex, values } = matrix;
  const fail = (expected: string, actual: string | number): never => {
    throw new ShapeError(`${place}: expected ${expected}, got ${actual}`);
  };
  if (rowStart.length !== rows + 1) fail(`${rows + 1} row starts`, rowStart.length);
  if (values.length !== columnIndex.length) fail(`${columnIndex.length} values`, values.length);
  if (rowStart[0] !== 0 || rowStart[rows] !== values.length) {
    fail(`row starts from 0 to ${values.length}`, `${rowStart[0]} to ${rowStart[rows]}`);
  }
  for (let row = 0; row < rows; row++) {
    if (rowStart[row] > rowStart[row + 1]) fail('ascending row starts', `a descent at row ${row}`);
  }
  for (let at = 0; at < values.length; at++) {
    if (columnIndex[at] >= columns) fail(`columns below ${columns}`, columnIndex[at]);
    if (!Number.isFinite(values[at])) fail('finite values', values[at]);
  }
}
