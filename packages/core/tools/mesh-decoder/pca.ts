import { type DecoderKernels, type FloatArray, simdKernels } from '@retinabench/core';
import type { Random } from './random.js';
import { normal } from './skin-model.js';

/** Directions carried along beyond those asked for, which makes subspace iteration converge faster. */
const spare = 8;

/** Rounds of subspace iteration. */
const rounds = 3;

/** Principal components of a set of samples; also the linear encoder of the auto-encoder. */
export class Pca {
  /** Standard deviation of the samples along each component, largest first. */
  readonly deviations: Float64Array;
  /** [features]. */
  readonly mean: Float32Array;
  readonly #kernels: DecoderKernels;
  /** [components, features] orthonormal rows. */
  readonly #components: FloatArray;
  readonly #centred: FloatArray;
  readonly #scores: FloatArray;

  /**
   * The leading components by subspace iteration from a random start.
   *
   * @param samples equally long; overwritten by their differences from the mean.
   * Cost: O(rounds x samples x features x components).
   * Source: arXiv:0909.4061, algorithm 4.4.
   */
  constructor(samples: readonly Float32Array[], count: number, random: Random) {
    const features = samples[0].length;
    const rows = count + spare;
    this.#kernels = simdKernels(4 * (2 * rows * features + count * features + 3 * features + 4 * rows) + 4096);
    this.mean = centre(samples);
    this.#centred = this.#kernels.floats(features);
    const scores = this.#kernels.floats(rows);
    const none = this.#kernels.floats(features);
    let basis = this.#kernels.floats(rows * features);
    let next = this.#kernels.floats(rows * features);
    const accumulate = (scoresOf: () => void): void => {
      next.fill(0);
      for (const sample of samples) {
        this.#centred.set(sample);
        scoresOf();
        this.#kernels.denseWeightGradient(scores, this.#centred, { weight: next, bias: none });
      }
      [basis, next] = [next, basis];
      this.#orthonormalise(basis, rows, scores);
    };
    accumulate(() => {
      for (let row = 0; row < rows; row++) scores[row] = normal(random);
    });
    for (let round = 0; round < rounds; round++) {
      accumulate(() => this.#kernels.denseInputGradient(basis, this.#centred, scores));
    }
    const variance = new Float64Array(rows);
    for (const sample of samples) {
      this.#centred.set(sample);
      this.#kernels.denseInputGradient(basis, this.#centred, scores);
      for (let row = 0; row < rows; row++) variance[row] += scores[row] ** 2 / samples.length;
    }
    const order = Array.from(variance.keys()).sort((a, b) => variance[b] - variance[a]);
    this.#components = this.#kernels.floats(count * features);
    order.slice(0, count).forEach((row, index) => {
      this.#components.set(basis.subarray(row * features, (row + 1) * features), index * features);
    });
    this.deviations = Float64Array.from(order.slice(0, count), (row) => Math.sqrt(variance[row]));
    this.#scores = this.#kernels.floats(count);
  }

  /** Coefficients of a sample over their deviations: P_ST. */
  encode(sample: Float32Array, out: Float32Array): Float32Array {
    for (let at = 0; at < sample.length; at++) this.#centred[at] = sample[at] - this.mean[at];
    this.#kernels.denseInputGradient(this.#components, this.#centred, this.#scores);
    for (let index = 0; index < out.length; index++) out[index] = this.#scores[index] / this.deviations[index];
    return out;
  }

  /** The sample that P_ST stands for. */
  reconstruct(latent: Float32Array): Float32Array {
    for (let index = 0; index < latent.length; index++) this.#scores[index] = latent[index] * this.deviations[index];
    this.#centred.set(this.mean);
    this.#kernels.addDense(this.#scores, this.#components, this.#centred);
    return Float32Array.from(this.#centred);
  }

  /** Gram-Schmidt, twice for accuracy. */
  #orthonormalise(basis: FloatArray, rows: number, scores: FloatArray): void {
    const features = basis.length / rows;
    for (let index = 0; index < rows; index++) {
      const row = basis.subarray(index * features, (index + 1) * features);
      const before = basis.subarray(0, index * features);
      const along = scores.subarray(0, index);
      for (let pass = 0; pass < 2 && index > 0; pass++) {
        this.#kernels.denseInputGradient(before, row, along);
        for (let other = 0; other < index; other++) along[other] = -along[other];
        this.#kernels.addDense(along, before, row);
      }
      let squares = 0;
      for (let at = 0; at < features; at++) squares += row[at] * row[at];
      const length = Math.sqrt(squares);
      for (let at = 0; at < features; at++) row[at] = length > 0 ? row[at] / length : 0;
    }
  }
}

/** Take the mean from every sample, in place. */
function centre(samples: readonly Float32Array[]): Float32Array {
  const mean = new Float64Array(samples[0].length);
  for (const sample of samples) for (let at = 0; at < mean.length; at++) mean[at] += sample[at] / samples.length;
  for (const sample of samples) for (let at = 0; at < mean.length; at++) sample[at] -= mean[at];
  return Float32Array.from(mean);
}
