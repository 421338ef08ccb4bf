/** G of F(2 x 2, 3 x 3). Source: arXiv:1509.09308, section 4.1, equation 9. */
const g = [
  [1, 0, 0],
  [0.5, 0.5, 0.5],
  [0.5, -0.5, 0.5],
  [0, 0, 1],
] as const;

/**
 * U = G w G^T of every pair of channels, in float64.
 *
 * @param weights  [outputs, 3, 3, channels].
 * @param outputs  a multiple of 8.
 * @returns [16, outputs / 8, channels, 8], as the kernel reads it.
 * Cost: O(144 outputs channels).
 */
export function transformWeights(weights: Float32Array, outputs: number, channels: number): Float32Array {
  const transformed = new Float32Array(16 * outputs * channels);
  const rows = new Float64Array(12);
  for (let output = 0; output < outputs; output++) {
    for (let channel = 0; channel < channels; channel++) {
      const at = (cell: number): number => weights[(output * 9 + cell) * channels + channel];
      for (let i = 0; i < 4; i++) {
        for (let column = 0; column < 3; column++) {
          rows[i * 3 + column] = g[i][0] * at(column) + g[i][1] * at(3 + column) + g[i][2] * at(6 + column);
        }
      }
      const place = Math.floor(output / 8) * channels * 8 + channel * 8 + (output % 8);
      for (let i = 0; i < 4; i++) {
        for (let j = 0; j < 4; j++) {
          const value = g[j][0] * rows[i * 3] + g[j][1] * rows[i * 3 + 1] + g[j][2] * rows[i * 3 + 2];
          transformed[(i * 4 + j) * outputs * channels + place] = value;
        }
      }
    }
  }
  return transformed;
}
