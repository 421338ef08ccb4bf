import { ShapeError } from '../errors.js';
import { type ChebyshevShape, chebyshevForward } from './chebyshev.js';
import { chebyshevBackward } from './chebyshev-backward.js';
import { type CsrMatrix, csrMultiply, csrTranspose } from './csr.js';
import { type DecoderWeights, vertexFeatures } from './decoder-weights.js';
import { addDense, denseInputGradient, denseWeightGradient } from './dense.js';
import { addBias, addBiasGradient, eluForward, eluGradient } from './elu.js';
import { type FloatArray, floatsLike } from './float-array.js';
import type { MeshHierarchy } from './hierarchy.js';
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
  readonly #weights: DecoderWeights;
  readonly #coarse: FloatArray;
  readonly #coarseGradient: FloatArray;
  readonly #stages: readonly Stage[];

  /**
   * @param weights in float32 for use or float64 for derivative checks; read at every call, never written.
   * Cost: memory for K x n x F numbers a level, three times.
   */
  constructor(hierarchy: MeshHierarchy, weights: DecoderWeights) {
    const { shape, dense, convolutions } = weights;
    this.#weights = weights;
    this.vertexCount = hierarchy.levels[0].lhat.rows;
    this.#coarse = floatsLike(dense.weight, dense.bias.length);
    this.#coarseGradient = floatsLike(dense.weight, dense.bias.length);
    this.#stages = convolutions.map(({ bias }, index) => {
      const level = Math.max(0, hierarchy.levels.length - 2 - index);
      const { lhat } = hierarchy.levels[level];
      const up = index < hierarchy.upsample.length ? hierarchy.upsample[level] : undefined;
      const inFeatures = shape.features[index];
      const floats = (length: number): FloatArray => floatsLike(dense.weight, length);
      return {
        lhat,
        shape: { order: shape.order, inFeatures, outFeatures: bias.length },
        ...(up && { upsample: { up, down: csrTranspose(up) } }),
        basis: floats(shape.order * lhat.rows * inFeatures),
        output: floats(lhat.rows * bias.length),
        outputGradient: floats(lhat.rows * bias.length),
        inputGradient: floats(lhat.rows * inFeatures),
        scratch: floats(shape.order * lhat.rows * inFeatures),
      };
    });
    this.vertices = floatsLike(dense.weight, this.vertexCount * vertexFeatures);
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
    const { shape, dense, convolutions } = this.#weights;
    if (latent.length !== shape.latent) {
      throw new ShapeError(`decode: expected P_ST of ${shape.latent} numbers, got ${latent.length}`);
    }
    this.#coarse.set(dense.bias);
    addDense(latent, dense.weight, this.#coarse);
    let features = this.#coarse;
    this.#stages.forEach((stage, index) => {
      const { theta, bias } = convolutions[index];
      const input = stage.basis.subarray(0, stage.inputGradient.length);
      if (stage.upsample) csrMultiply(stage.upsample.up, features, stage.shape.inFeatures, input);
      else input.set(features);
      chebyshevForward(stage.lhat, stage.shape, input, theta, stage.basis, stage.output);
      addBias(stage.output, bias);
      if (stage.upsample) eluForward(stage.output);
      features = stage.output;
    });
    applyColour(features, this.#weights, this.vertices);
    return this.vertices;
  }

  /**
   * The gradient of a loss through the latest `decode`.
   *
   * @param latent         the P_ST that was decoded.
   * @param verticesGradient [n, 6]: dL/d vertices.
   * @param latentGradient [latent]: receives dL/dP_ST.
   * @param weightGradient adds dL/dtheta and dL/dbias of every layer, where given; `mean` and `scale` are not trained.
   * @returns `latentGradient`.
   * @throws {ShapeError} if a length differs.
   * Cost: about twice `decode`, three times with the weights.
   */
  backward(
    latent: FloatArray,
    verticesGradient: FloatArray,
    latentGradient: FloatArray,
    weightGradient?: DecoderWeights,
  ): FloatArray {
    const { shape, dense, convolutions } = this.#weights;
    if (verticesGradient.length !== this.vertices.length || latentGradient.length !== shape.latent) {
      throw new ShapeError(
        `backward: expected gradients of ${this.vertices.length} and ${shape.latent} numbers, got ${verticesGradient.length} and ${latentGradient.length}`,
      );
    }
    const last = this.#stages.length - 1;
    colourGradient(verticesGradient, this.vertices, this.#weights, this.#stages[last].outputGradient);
    for (let index = last; index >= 0; index--) {
      const stage = this.#stages[index];
      if (stage.upsample) eluGradient(stage.output, stage.outputGradient);
      const sink = weightGradient?.convolutions[index];
      if (sink) addBiasGradient(stage.outputGradient, sink.bias);
      chebyshevBackward(
        stage.lhat,
        stage.shape,
        convolutions[index].theta,
        stage.basis,
        stage.outputGradient,
        { x: stage.inputGradient, ...(sink && { theta: sink.theta }) },
        stage.scratch,
      );
      const below = index > 0 ? this.#stages[index - 1].outputGradient : this.#coarseGradient;
      if (stage.upsample) csrMultiply(stage.upsample.down, stage.inputGradient, stage.shape.inFeatures, below);
      else below.set(stage.inputGradient);
    }
    if (weightGradient) denseWeightGradient(latent, this.#coarseGradient, weightGradient.dense);
    return denseInputGradient(dense.weight, this.#coarseGradient, latentGradient);
  }
}
