import type { FloatArray } from './float-array.js';

/** The exponential linear unit, in place: x where x > 0, exp(x) - 1 elsewhere. Source: arXiv:1511.07289. */
export function eluForward(values: FloatArray): void {
  for (let at = 0; at < values.length; at++) if (values[at] < 0) values[at] = Math.exp(values[at]) - 1;
}

/** Multiply `gradient` by the unit's derivative, from its output: 1 where y > 0, y + 1 elsewhere. */
export function eluGradient(output: FloatArray, gradient: FloatArray): void {
  for (let at = 0; at < output.length; at++) if (output[at] < 0) gradient[at] *= output[at] + 1;
}

/** Add `bias` [F] to each row of `values` [n, F]. */
export function addBias(values: FloatArray, bias: FloatArray): void {
  for (let row = 0; row < values.length; row += bias.length) {
    for (let feature = 0; feature < bias.length; feature++) values[row + feature] += bias[feature];
  }
}

/** biasGradient [F] += the sum of the rows of `gradient` [n, F]. */
export function addBiasGradient(gradient: FloatArray, biasGradient: FloatArray): void {
  const features = biasGradient.length;
  for (let row = 0; row < gradient.length; row += features) {
    for (let feature = 0; feature < features; feature++) biasGradient[feature] += gradient[row + feature];
  }
}
