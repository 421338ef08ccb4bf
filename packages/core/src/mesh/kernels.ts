import { type ChebyshevShape, chebyshevForward } from './chebyshev.js';
import { chebyshevBackward } from './chebyshev-backward.js';
import { type CsrMatrix, csrMultiply } from './csr.js';
import { addDense, denseInputGradient, denseWeightGradient } from './dense.js';
import { addBias, addBiasGradient, eluForward, eluGradient } from './elu.js';
import type { FloatArray } from './float-array.js';

/** A layer's gradients: added to, so that samples accumulate. */
export interface LayerGradient {
  readonly theta: FloatArray;
  readonly bias: FloatArray;
}

/**
 * The arithmetic of the mesh decoder. All arrays that a method takes come from `floats`, all matrices from `matrix`;
 * lengths are the caller's to keep.
 */
export interface DecoderKernels {
  /** Zeroed storage. */
  floats(length: number): FloatArray;
  /** A copy of a matrix in storage of the kernels. */
  matrix(matrix: CsrMatrix): CsrMatrix;
  /** out = M x. */
  multiply(matrix: CsrMatrix, x: FloatArray, features: number, out: FloatArray): void;
  /** The convolution with its bias; `basis` begins with x. */
  convolve(
    lhat: CsrMatrix,
    shape: ChebyshevShape,
    theta: FloatArray,
    bias: FloatArray,
    basis: FloatArray,
    out: FloatArray,
  ): void;
  /** Its gradient: to x, and to theta and bias where asked for. `scratch` is as long as `basis`. */
  convolveBackward(
    lhat: CsrMatrix,
    shape: ChebyshevShape,
    theta: FloatArray,
    basis: FloatArray,
    outputGradient: FloatArray,
    inputGradient: FloatArray,
    scratch: FloatArray,
    gradient: LayerGradient | undefined,
  ): void;
  elu(values: FloatArray): void;
  eluGradient(output: FloatArray, gradient: FloatArray): void;
  /** out += x W. */
  addDense(x: FloatArray, weight: FloatArray, out: FloatArray): void;
  /** gradient = W g. */
  denseInputGradient(weight: FloatArray, outputGradient: FloatArray, gradient: FloatArray): void;
  /** dL/dW += x g^T, dL/db += g. */
  denseWeightGradient(
    x: FloatArray,
    outputGradient: FloatArray,
    gradient: { readonly weight: FloatArray; readonly bias: FloatArray },
  ): void;
}

/**
 * The kernels in plain typed arrays, the oracle of simdKernels.
 *
 * @param precision float64 where a derivative is checked by central differences.
 */
export function scalarKernels(precision: 'float32' | 'float64' = 'float32'): DecoderKernels {
  return {
    floats: (length) => (precision === 'float64' ? new Float64Array(length) : new Float32Array(length)),
    matrix: (matrix) => matrix,
    multiply: csrMultiply,
    convolve: (lhat, shape, theta, bias, basis, out) => {
      chebyshevForward(lhat, shape, basis.subarray(0, basis.length / shape.order), theta, basis, out);
      addBias(out, bias);
    },
    convolveBackward: (lhat, shape, theta, basis, outputGradient, inputGradient, scratch, gradient) => {
      if (gradient) addBiasGradient(outputGradient, gradient.bias);
      const sink = { x: inputGradient, ...(gradient && { theta: gradient.theta }) };
      chebyshevBackward(lhat, shape, theta, basis, outputGradient, sink, scratch);
    },
    elu: eluForward,
    eluGradient,
    addDense,
    denseInputGradient,
    denseWeightGradient,
  };
}
