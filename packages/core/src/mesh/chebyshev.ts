import { ShapeError } from '../errors.js';
import { type CsrMatrix, csrMultiply } from './csr.js';
import type { FloatArray } from './float-array.js';

/** Sizes of a Chebyshev convolution: K terms, from `inFeatures` to `outFeatures` numbers a vertex. */
export interface ChebyshevShape {
  /** K, the number of terms: T_0 ... T_{K-1}. */
  readonly order: number;
  readonly inFeatures: number;
  readonly outFeatures: number;
}

/**
 * Chebyshev convolution on a mesh: y = sum_k T_k(Lhat) x theta_k, by one pass of the recurrence
 * T_0 x = x, T_1 x = Lhat x, T_k x = 2 Lhat T_{k-1} x - T_{k-2} x; no n x n matrix is formed.
 *
 * @param lhat  the scaled Laplacian, n x n.
 * @param shape K, F_in, F_out.
 * @param x     [n, F_in], row-major.
 * @param theta [K, F_in, F_out], row-major.
 * @param basis [K, n, F_in]: receives T_k(Lhat) x, which chebyshevBackward needs.
 * @param out   [n, F_out]: receives y.
 * @returns `out`.
 * @throws {ShapeError} if a length does not fit.
 * Cost: K - 1 sparse products, O(nnz F_in) each, and O(n K F_in F_out); allocates nothing.
 * Source: arXiv:1905.00641, equation 2; arXiv:1606.09375, section 2.1.
 */
export function chebyshevForward<T extends FloatArray>(
  lhat: CsrMatrix,
  shape: ChebyshevShape,
  x: FloatArray,
  theta: FloatArray,
  basis: FloatArray,
  out: T,
): T {
  const { order, inFeatures, outFeatures } = shape;
  const count = lhat.rows;
  assertChebyshev('chebyshevForward', lhat, shape, { x, theta, basis, y: out });
  const block = count * inFeatures;
  basis.set(x, 0);
  for (let k = 1; k < order; k++) {
    const term = basis.subarray(k * block, (k + 1) * block);
    csrMultiply(lhat, basis.subarray((k - 1) * block, k * block), inFeatures, term);
    if (k === 1) continue;
    const before = (k - 2) * block;
    for (let at = 0; at < block; at++) term[at] = 2 * term[at] - basis[before + at];
  }
  out.fill(0);
  for (let k = 0; k < order; k++) {
    addProduct(basis, k * block, count, inFeatures, theta, k * inFeatures * outFeatures, outFeatures, out);
  }
  return out;
}

/** out [n, F_out] += x [n, F_in] theta [F_in, F_out]. */
function addProduct(
  x: FloatArray,
  xStart: number,
  count: number,
  inFeatures: number,
  theta: FloatArray,
  thetaStart: number,
  outFeatures: number,
  out: FloatArray,
): void {
  for (let vertex = 0; vertex < count; vertex++) {
    const from = xStart + vertex * inFeatures;
    const to = vertex * outFeatures;
    for (let input = 0; input < inFeatures; input++) {
      const value = x[from + input];
      const row = thetaStart + input * outFeatures;
      for (let output = 0; output < outFeatures; output++) out[to + output] += value * theta[row + output];
    }
  }
}

/**
 * Check the arrays of a Chebyshev convolution.
 *
 * @throws {ShapeError} naming `caller`, the array, the expected and the actual length.
 */
export function assertChebyshev(
  caller: string,
  lhat: CsrMatrix,
  shape: ChebyshevShape,
  arrays: { readonly x?: FloatArray; readonly theta: FloatArray; readonly basis: FloatArray; readonly y: FloatArray },
): void {
  const { order, inFeatures, outFeatures } = shape;
  const count = lhat.rows;
  if (lhat.columns !== count) {
    throw new ShapeError(`${caller}: expected a square scaled Laplacian, got ${count} x ${lhat.columns}`);
  }
  for (const [name, value] of Object.entries(shape)) {
    if (!Number.isInteger(value) || value < 1) {
      throw new ShapeError(`${caller}: expected ${name} to be a whole number of at least 1, got ${value}`);
    }
  }
  const expected: Readonly<Record<string, number>> = {
    x: count * inFeatures,
    theta: order * inFeatures * outFeatures,
    basis: order * count * inFeatures,
    y: count * outFeatures,
  };
  for (const [name, array] of Object.entries(arrays)) {
    if (array !== undefined && array.length !== expected[name]) {
      throw new ShapeError(
        `${caller}: expected ${name} of ${expected[name]} numbers (n ${count}, K ${order}, F_in ${inFeatures}, F_out ${outFeatures}), got ${array.length}`,
      );
    }
  }
}
