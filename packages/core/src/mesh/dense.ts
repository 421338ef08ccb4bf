import type { FloatArray } from './float-array.js';

/** out [outputs] += x [inputs] W [inputs, outputs], row by row of W. */
export function addDense(x: FloatArray, weight: FloatArray, out: FloatArray): void {
  const outputs = out.length;
  for (let input = 0; input < x.length; input++) {
    const value = x[input];
    const row = input * outputs;
    for (let output = 0; output < outputs; output++) out[output] += value * weight[row + output];
  }
}

/** gradient [inputs] = W dL/dy. */
export function denseInputGradient(weight: FloatArray, outputGradient: FloatArray, gradient: FloatArray): FloatArray {
  const outputs = outputGradient.length;
  for (let input = 0; input < gradient.length; input++) {
    const row = input * outputs;
    let sum = 0;
    for (let output = 0; output < outputs; output++) sum += weight[row + output] * outputGradient[output];
    gradient[input] = sum;
  }
  return gradient;
}

/** dL/dW += x (dL/dy)^T and dL/db += dL/dy. */
export function denseWeightGradient(
  x: FloatArray,
  outputGradient: FloatArray,
  gradient: { readonly weight: FloatArray; readonly bias: FloatArray },
): void {
  const outputs = outputGradient.length;
  addDense(Float64Array.of(1), outputGradient, gradient.bias);
  for (let input = 0; input < x.length; input++) {
    const value = x[input];
    const row = input * outputs;
    for (let output = 0; output < outputs; output++) gradient.weight[row + output] += value * outputGradient[output];
  }
}
