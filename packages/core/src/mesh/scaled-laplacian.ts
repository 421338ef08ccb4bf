import { ShapeError } from '../errors.js';
import type { CsrMatrix } from './csr.js';

/**
 * The scaled Laplacian Lhat = 2 L / lambda_max - I, whose eigenvalues lie in [-1, 1], where Chebyshev polynomials are
 * bounded.
 *
 * @param laplacian square, with every diagonal entry stored (laplacianOf).
 * @param lambdaMax its largest eigenvalue (largestEigenvalue), or 2, the bound of the normalised form. Of a graph
 * without edges it is 0; pass 2 there.
 * @param precision of the values; default float32.
 * @throws {ShapeError} if lambdaMax is not a positive finite number or a diagonal entry is missing.
 * Cost: O(nnz); shares the index arrays of `laplacian`.
 * Source: arXiv:1905.00641, section 3.2.
 */
export function scaledLaplacian(
  laplacian: CsrMatrix,
  lambdaMax: number,
  precision: 'float32' | 'float64' = 'float32',
): CsrMatrix {
  if (!(lambdaMax > 0 && Number.isFinite(lambdaMax))) {
    throw new ShapeError(
      `scaledLaplacian: expected lambdaMax > 0, got ${lambdaMax}; use largestEigenvalue, or 2 for the normalised form`,
    );
  }
  const { rows, rowStart, columnIndex } = laplacian;
  const length = laplacian.values.length;
  const values = precision === 'float32' ? new Float32Array(length) : new Float64Array(length);
  for (let row = 0; row < rows; row++) {
    let diagonals = 0;
    for (let at = rowStart[row]; at < rowStart[row + 1]; at++) {
      const onDiagonal = columnIndex[at] === row;
      if (onDiagonal) diagonals++;
      values[at] = (2 * laplacian.values[at]) / lambdaMax - (onDiagonal ? 1 : 0);
    }
    if (diagonals !== 1) {
      throw new ShapeError(`scaledLaplacian: expected one stored diagonal entry in row ${row}, got ${diagonals}`);
    }
  }
  return { ...laplacian, values };
}
