import type { CsrMatrix } from './csr.js';
import type { Adjacency } from './topology.js';

/** Which Laplacian: `combinatorial` D - E, or `normalised` I - D^-1/2 E D^-1/2. */
export type LaplacianKind = 'combinatorial' | 'normalised';

/**
 * The Laplacian of a graph with unit edge weights.
 *
 * @returns symmetric, float64 values, every diagonal entry stored. An isolated vertex has a row of zeros in both kinds
 * (the normalised form would divide by its degree; Chung's convention sets L_ii = 0).
 * Cost: O(n + |E|).
 * Source: arXiv:1905.00641, section 3.2; L = D - E, D_ii = sum_j E_ij.
 */
export function laplacianOf(adjacency: Adjacency, kind: LaplacianKind): CsrMatrix {
  const { vertexCount, rowStart, neighbours } = adjacency;
  const entries = neighbours.length + vertexCount;
  const start = new Uint32Array(vertexCount + 1);
  const columnIndex = new Uint32Array(entries);
  const values = new Float64Array(entries);
  const degree = (vertex: number): number => rowStart[vertex + 1] - rowStart[vertex];
  let at = 0;
  for (let row = 0; row < vertexCount; row++) {
    let diagonalWritten = false;
    const writeDiagonal = (): void => {
      columnIndex[at] = row;
      values[at++] = kind === 'combinatorial' ? degree(row) : Math.min(1, degree(row));
      diagonalWritten = true;
    };
    for (let edge = rowStart[row]; edge < rowStart[row + 1]; edge++) {
      const column = neighbours[edge];
      if (!diagonalWritten && column > row) writeDiagonal();
      columnIndex[at] = column;
      values[at++] = kind === 'combinatorial' ? -1 : -1 / Math.sqrt(degree(row) * degree(column));
    }
    if (!diagonalWritten) writeDiagonal();
    start[row + 1] = at;
  }
  return { rows: vertexCount, columns: vertexCount, rowStart: start, columnIndex, values };
}
