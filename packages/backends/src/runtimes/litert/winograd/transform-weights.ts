/** The points of F(4 x 4, 3 x 3) short of infinity, as in assembly/winograd.ts. */
const points = [0, 5 / 8, -5 / 8, 3 / 2, -3 / 2] as const;

/**
 * G: per point p the powers 0 to 2 of p over the product of its distances to the others; the last row is infinity's.
 * Source: arXiv:1509.09308, section 4.2 (there with the points 0, 1, -1, 2, -2).
 */
const g = [
  ...points.map((p) => {
    const distances = points.filter((q) => q !== p).reduce((product, q) => product * (p - q), 1);
    return [1 / distances, p / distances, (p * p) / distances] as const;
  }),
  [0, 0, 1],
] as const;

const side = 6;

/**
 * U = G w G^T of every pair of channels, in float64.
 *
 * @param weights  [outputs, 3, 3, channels].
 * @param outputs  a multiple of 8.
 * @returns [36, outputs / 8, channels, 8], as the kernel reads it.
 * Cost: O(324 outputs channels).
 */
export function transformWeights(weights: Float32Array, outputs: number, channels: number): Float32Array {
  const transformed = new Float32Array(side * side * outputs * channels);
  const rows = new Float64Array(side * 3);
  for (let output = 0; output < outputs; output++) {
    for (let channel = 0; channel < channels; channel++) {
      const at = (cell: number): number => weights[(output * 9 + cell) * channels + channel];
      for (let i = 0; i < side; i++) {
        for (let column = 0; column < 3; column++) {
          rows[i * 3 + column] = g[i][0] * at(column) + g[i][1] * at(3 + column) + g[i][2] * at(6 + column);
        }
      }
      const place = Math.floor(output / 8) * channels * 8 + channel * 8 + (output % 8);
      for (let i = 0; i < side; i++) {
        for (let j = 0; j < side; j++) {
          const value = g[j][0] * rows[i * 3] + g[j][1] * rows[i * 3 + 1] + g[j][2] * rows[i * 3 + 2];
          transformed[(i * side + j) * outputs * channels + place] = value;
        }
      }
    }
  }
  return transformed;
}
