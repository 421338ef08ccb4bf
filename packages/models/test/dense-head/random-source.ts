import { seededRandom } from '@retinabench/core';
import type { WeightRole, WeightSource } from '../../src/index.js';

/** Weights for any architecture: small random numbers, batch normalisation that does nothing. */
export class RandomSource implements WeightSource {
  parameters = 0;
  readonly #random = seededRandom(3);

  take(_: string, dims: readonly number[], role: WeightRole): Float32Array {
    const length = dims.reduce((product, size) => product * size, 1);
    if (!role.startsWith('norm-m') && role !== 'norm-variance' && role !== 'constant') this.parameters += length;
    if (role === 'norm-scale' || role === 'norm-variance' || role === 'constant')
      return new Float32Array(length).fill(1);
    if (role !== 'weight') return new Float32Array(length);
    const inputs = length / dims[0];
    return Float32Array.from({ length }, () => (2 * this.#random() - 1) * Math.sqrt(3 / inputs));
  }
}
