import { assertChebyshev, type ChebyshevShape } from './chebyshev.js';
import { type CsrMatrix, csrMultiply } from './csr.js';
import { type FloatArray, floatsLike } from './float-array.js';

/** Where the gradients of a Chebyshev convolution go. */
export interface ChebyshevGradient {
  /** [n, F_in] overwritten. */
  readonly x: FloatArray;
  /** [K, F_in, F_out] added to, so that samples and layers accumulate. Left out: not computed. */
  readonly theta?: FloatArray;
}

/**
 * Gradients of a Chebyshev convolution. With g_k = dL/dy theta_k^T, the recurrence run backwards is
 * g_{k-1} += 2 Lhat g_k, g_{k-2} -= g_k for k = K-1 ... 2, then g_0 += Lhat g_1; dL/dtheta_k = T_k(x)^T dL/dy.
 *
 * @param lhat     the scaled Laplacian; symmetric, hence its own transpose.
 * @param basis    [K, n, F_in], as chebyshevForward filled it.
 * @param outputGradient [n, F_out]: dL/dy.
 * @param gradient receives dL/dx and dL/dtheta.
 * @param scratch  [K, n, F_in]; allocated if left out.
 * @throws {ShapeError} if a length does not fit.
 * Cost: that of the forward pass, twice with theta.
 */
export function chebyshevBackward(
  lhat: CsrMatrix,
  shape: ChebyshevShape,
  theta: FloatArray,
  basis: FloatArray,
  outputGradient: FloatArray,
  gradient: ChebyshevGradient,
  scratch: FloatArray = floatsLike(basis, basis.length),
): void {
  const { order, inFeatures } = shape;
  assertChebyshev('chebyshevBackward', lhat, shape, { x: gradient.x, theta, basis, y: outputGradient });
  if (gradient.theta) {
    assertChebyshev('chebyshevBackward', lhat, shape, { theta: gradient.theta, basis: scratch, y: outputGradient });
    addThetaGradient(lhat.rows, shape, basis, outputGradient, gradient.theta);
  }
  termGradients(lhat.rows, shape, theta, outputGradient, scratch);
  const block = lhat.rows * inFeatures;
  for (let k = order - 1; k >= 1; k--) {
    const from = scratch.subarray(k * block, (k + 1) * block);
    const to = scratch.subarray((k - 1) * block, k * block);
    csrMultiply(lhat, from, inFeatures, gradient.x);
    const factor = k === 1 ? 1 : 2;
    for (let at = 0; at < block; at++) to[at] += factor * gradient.x[at];
    if (k === 1) continue;
    const before = (k - 2) * block;
    for (let at = 0; at < block; at++) scratch[before + at] -= from[at];
  }
  gradient.x.set(scratch.subarray(0, block));
}

/** dL/dtheta_k [F_in, F_out] += T_k(x)^T dL/dy. */
function addThetaGradient(
  count: number,
  shape: ChebyshevShape,
  basis: FloatArray,
  outputGradient: FloatArray,
  thetaGradient: FloatArray,
): void {
  const { order, inFeatures, outFeatures } = shape;
  for (let k = 0; k < order; k++) {
    for (let vertex = 0; vertex < count; vertex++) {
      const from = (k * count + vertex) * inFeatures;
      const output = vertex * outFeatures;
      for (let input = 0; input < inFeatures; input++) {
        const value = basis[from + input];
        const to = (k * inFeatures + input) * outFeatures;
        for (let feature = 0; feature < outFeatures; feature++) {
          thetaGradient[to + feature] += value * outputGradient[output + feature];
        }
      }
    }
  }
}

/** g_k [n, F_in] = dL/dy theta_k^T, for all k. */
function termGradients(
  count: number,
  shape: ChebyshevShape,
  theta: FloatArray,
  outputGradient: FloatArray,
  out: FloatArray,
): void {
  const { order, inFeatures, outFeatures } = shape;
  for (let k = 0; k < order; k++) {
    for (let vertex = 0; vertex < count; vertex++) {
      const to = (k * count + vertex) * inFeatures;
      const output = vertex * outFeatures;
      for (let input = 0; input < inFeatures; input++) {
        const row = (k * inFeatures + input) * outFeatures;
        let sum = 0;
        for (let feature = 0; feature < outFeatures; feature++) {
          sum += outputGradient[output + feature] * theta[row + feature];
        }
        out[to + input] = sum;
      }
    }
  }
}
