import { ShapeError } from '../errors.js';
import type { ChebyshevShape } from './chebyshev.js';
import { type CsrMatrix, csrTranspose } from './csr.js';
import { buildWeights, type DecoderWeights, decoderLayout, vertexFeatures } from './decoder-weights.js';
import type { FloatArray } from './float-array.js';
import type { MeshHierarchy } from './hierarchy.js';
import { type DecoderKernels, scalarKernels } from './kernels.js';
import { simdKernels } from './simd-kernels.js';
import { applyColour, colourGradient } from './vertex-output.js';

interface Stage {
  readonly lhat: CsrMatrix;
  readonly shape: ChebyshevShape;
  /** From the level below to this one; none for the output convolution, which stays on its level. */
  readonly upsample?: { readonly up: CsrMatrix; readonly down: CsrMatrix };
  readonly basis: FloatArray;
  readonly output: FloatArray;
  readonly outputGradient: FloatArray;
  readonly inputGradient: FloatArray;
  readonly scratch: FloatArray;
}

/**
 * The joint shape-and-texture decoder: P_ST -> fully connected -> coarsest mesh features -> repeat [up-sample, Chebyshev
 * convolution, ELU] -> Chebyshev convolution -> (x, y, z, r, g, b) of each vertex. Holds its work space, so `decode`
 * and `backward` allocate nothing; not re-entrant.
 *
 * Source: arXiv:1905.00641, section 3.2; the layers as in arXiv:1904.03525, section 3.2.
 */
export class MeshDecoder {
  readonly vertexCount: number;
  /** Float array [n, 6]: what `decode` gave last. */
  readonly vertices: FloatArray;
  /** A copy of the weights in the decoder's own storage; a change counts from the next call. */
  readonly weights: DecoderWeights;
  readonly #kernels: DecoderKernels;
  readonly #input: FloatArray;
  readonly #inputGradient: FloatArray;
  readonly #coarse: FloatArray;
  readonly #coarseGradient: FloatArray;
  readonly #stages: readonly Stage[];

  /**
   * @param weights are copied.
   * @param arithmetic `simd` (WebAssembly, about five times faster), or `float32` or `float64` in plain typed arrays.
   * @throws {ShapeError} if a tensor of the weights does not fit the hierarchy.
   * Cost: memory for the weights and, for each level, K x n x F numbers thrice.
   */
  constructor(hierarchy: MeshHierarchy, weights: DecoderWeights, arithmetic: 'simd' | 'float32' | 'float64' = 'simd') {
    const kernels = arithmetic === 'simd' ? simdKernels(storageBytes(hierarchy, weights)) : scalarKernels(arithmetic);
    this.#kernels = kernels;
    this.weights = this.#copyOf(hierarchy, weights);
    const { shape, dense, convolutions } = this.weights;
    this.vertexCount = hierarchy.levels[0].lhat.rows;
    this.#input = kernels.floats(shape.latent);
    this.#inputGradient = kernels.floats(shape.latent);
    this.#coarse = kernels.floats(dense.bias.length);
    this.#coarseGradient = kernels.floats(dense.bias.length);
    const lhats = hierarchy.levels.map(({ lhat }) => kernels.matrix(lhat));
    this.#stages = convolutions.map(({ bias }, index) => {
      const level = Math.max(0, hierarchy.levels.length - 2 - index);
      const lhat = lhats[level];
      const up = index < hierarchy.upsample.length ? hierarchy.upsample[level] : undefined;
      const inFeatures = shape.features[index];
      return {
        lhat,
        shape: { order: shape.order, inFeatures, outFeatures: bias.length },
        ...(up && { upsample: { up: kernels.matrix(up), down: kernels.matrix(csrTranspose(up)) } }),
        basis: kernels.floats(shape.order * lhat.rows * inFeatures),
        output: kernels.floats(lhat.rows * bias.length),
        outputGradient: kernels.floats(lhat.rows * bias.length),
        inputGradient: kernels.floats(lhat.rows * inFeatures),
        scratch: kernels.floats(shape.order * lhat.rows * inFeatures),
      };
    });
    this.vertices = kernels.floats(this.vertexCount * vertexFeatures);
  }

  /** Zeroed storage for the gradients of the weights, for `backward`; can be had twice. */
  weightGradient(hierarchy: MeshHierarchy): DecoderWeights {
    return buildWeights(this.weights.shape, hierarchy, (_, dims) => this.#kernels.floats(product(dims)));
  }

  /**
   * Decode P_ST.
   *
   * @param latent [latent]: P_ST; of the training distribution, each number has mean 0 and variance 1.
   * @returns `vertices`, overwritten: positions in the units of the mean, colours in 0..1.
   * @throws {ShapeError} if the length differs.
   * Cost: O(latent n_coarsest F + sum over levels of n K F_in F_out).
   */
  decode(latent: FloatArray): FloatArray {
    const { shape, dense, convolutions } = this.weights;
    if (latent.length !== shape.latent) {
      throw new ShapeError(`decode: expected P_ST of ${shape.latent} numbers, got ${latent.length}`);
    }
    this.#input.set(latent);
    this.#coarse.set(dense.bias);
    this.#kernels.addDense(this.#input, dense.weight, this.#coarse);
    let features = this.#coarse;
    this.#stages.forEach((stage, index) => {
      const { theta, bias } = convolutions[index];
      const input = stage.basis.subarray(0, stage.inputGradient.length);
      if (stage.upsample) this.#kernels.multiply(stage.upsample.up, features, stage.shape.inFeatures, input);
      else input.set(features);
      this.#kernels.convolve(stage.lhat, stage.shape, theta, bias, stage.basis, stage.output);
      if (stage.upsample) this.#kernels.elu(stage.output);
      features = stage.output;
    });
    applyColour(features, this.weights, this.vertices);
    return this.vertices;
  }

  /**
   * The gradient of a loss through the latest `decode`.
   *
   * @param verticesGradient [n, 6]: dL/d vertices.
   * @param latentGradient [latent]: receives dL/dP_ST.
   * @param weightGradient storage of this decoder; adds dL/dtheta and dL/dbias of every layer, where given (`mean` and
   * `scale` are not trained).
   * @returns `latentGradient`.
   * @throws {ShapeError} if a length differs.
   * Cost: about twice `decode`, three times with the weights.
   */
  backward(verticesGradient: FloatArray, latentGradient: FloatArray, weightGradient?: DecoderWeights): FloatArray {
    const { shape, dense, convolutions } = this.weights;
    const kernels = this.#kernels;
    if (verticesGradient.length !== this.vertices.length || latentGradient.length !== shape.latent) {
      throw new ShapeError(
        `backward: expected gradients of ${this.vertices.length} and ${shape.latent} numbers, got ${verticesGradient.length} and ${latentGradient.length}`,
      );
    }
    const last = this.#stages.length - 1;
    colourGradient(verticesGradient, this.vertices, this.weights, this.#stages[last].outputGradient);
    for (let index = last; index >= 0; index--) {
      const stage = this.#stages[index];
      if (stage.upsample) kernels.eluGradient(stage.output, stage.outputGradient);
      kernels.convolveBackward(
        stage.lhat,
        stage.shape,
        convolutions[index].theta,
        stage.basis,
        stage.outputGradient,
        stage.inputGradient,
        stage.scratch,
        weightGradient?.convolutions[index],
      );
      const below = index > 0 ? this.#stages[index - 1].outputGradient : this.#coarseGradient;
      if (stage.upsample) kernels.multiply(stage.upsample.down, stage.inputGradient, stage.shape.inFeatures, below);
      else below.set(stage.inputGradient);
    }
    if (weightGradient) kernels.denseWeightGradient(this.#input, this.#coarseGradient, weightGradient.dense);
    kernels.denseInputGradient(dense.weight, this.#coarseGradient, this.#inputGradient);
    latentGradient.set(this.#inputGradient);
    return latentGradient;
  }

  #copyOf(hierarchy: MeshHierarchy, weights: DecoderWeights): DecoderWeights {
    const { shape, dense, convolutions, mean, scale } = weights;
    const given = [dense.weight, dense.bias, ...convolutions.flatMap(({ theta, bias }) => [theta, bias]), mean, scale];
    let next = 0;
    return buildWeights(shape, hierarchy, (name, dims) => {
      const values = given[next++];
      const copy = this.#kernels.floats(product(dims));
      if (values.length !== copy.length) {
        throw new ShapeError(`decoder: expected ${name} [${dims.join(', ')}], got ${values.length} numbers`);
      }
      copy.set(values);
      return copy;
    });
  }
}

/** Storage of a decoder: the weights thrice (themselves and gradients twice), work space, matrices. */
function storageBytes(hierarchy: MeshHierarchy, { shape }: DecoderWeights): number {
  let numbers = 0;
  for (const dims of decoderLayout(shape, hierarchy).values()) numbers += 3 * (product(dims) + 4);
  const widest = Math.max(...shape.features, vertexFeatures);
  for (const { lhat } of hierarchy.levels) {
    numbers += 2 * (2 * shape.order + 4) * lhat.rows * widest + 2 * lhat.values.length + lhat.rows;
  }
  for (const { values, rows, columns } of hierarchy.upsample) numbers += 4 * values.length + rows + columns;
  return 4 * numbers + 65536;
}

function product(dims: readonly number[]): number {
  return dims.reduce((result, size) => result * size, 1);
}
