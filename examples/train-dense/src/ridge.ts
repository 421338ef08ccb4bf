import { solveSymmetric } from './whitening.js';

/**
 * Linear least squares with a penalty on everything but the constant.
 *
 * @param rows    [count, size].
 * @param targets [count, outputs].
 * @returns weights [outputs, size] and the constants [outputs].
 */
export function ridge(
  rows: Float32Array,
  size: number,
  targets: Float32Array,
  outputs: number,
  penalty: number,
): { readonly weight: Float64Array; readonly constant: Float64Array } {
  const count = rows.length / size;
  const width = size + 1;
  const normal = new Float64Array(width * width);
  const right = Array.from({ length: outputs }, () => new Float64Array(width));
  const row = new Float64Array(width).fill(1);
  for (let sample = 0; sample < count; sample++) {
    row.set(rows.subarray(sample * size, (sample + 1) * size));
    for (let i = 0; i < width; i++) {
      for (let j = 0; j <= i; j++) normal[i * width + j] += row[i] * row[j];
      for (let o = 0; o < outputs; o++) right[o][i] += row[i] * targets[sample * outputs + o];
    }
  }
  for (let i = 0; i < size; i++) normal[i * width + i] += penalty;
  normal[width * width - 1] += 1e-9;
  const solved = solveSymmetric(normal, right, width);
  const weight = new Float64Array(outputs * size);
  solved.forEach((values, o) => {
    weight.set(values.subarray(0, size), o * size);
  });
  return { weight, constant: Float64Array.from(solved, (values) => values[size]) };
}
