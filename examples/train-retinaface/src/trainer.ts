import {
  anchorPresets,
  generateAnchors,
  type MultiTaskLoss,
  type MultiTaskOptions,
  multiTaskPresets,
  seededRandom,
} from '@retinabench/core';
import * as tf from '@tensorflow/tfjs-core';
import { type TrainingCrop, trainingCrop } from './crop.js';
import { fromTensor, toTensor } from './filter-layout.js';
import { everyLayer, type NetworkLayers, networkLayers } from './layers.js';
import { Network } from './network.js';
import { networkLoss } from './network-loss.js';
import type { BatchStatistics } from './ops/batch-norm.js';
import { learningRate, Optimiser } from './optimiser.js';
import { type Parameter, Parameters } from './parameters.js';
import type { Photographs } from './photographs.js';

/** Matching and mining of the public training, weights of the paper; an image without faces gives a few negatives. */
export const lossOptions: MultiTaskOptions = {
  ...multiTaskPresets.mnet,
  mining: { negativesPerPositive: 7, minimumNegatives: 8 },
  weights: { ...multiTaskPresets.paper.weights, pixel: 0 },
  landmarkDivisor: 'positives',
};

/** Share of a batch in the running statistics, as in PyTorch. */
const momentum = 0.1;

/** Everything that decides a run; a checkpoint holds it, and a run resumes only under the same. */
export interface Recipe {
  /** Multiplies the channels: 1 for the network that can be exported. */
  readonly width: number;
  /** Side of the square crops, a multiple of 32. */
  readonly sidePx: number;
  readonly batch: number;
  readonly steps: number;
  /** Learning rate after the warm-up. */
  readonly rate: number;
  readonly seed: number;
}

/** A network in training. The same recipe and photographs give the same numbers, interrupted or not. */
export class Trainer {
  readonly recipe: Recipe;
  readonly parameters: Parameters;
  readonly optimiser: Optimiser;
  readonly #photographs: Photographs;
  readonly #layers: NetworkLayers;
  readonly #anchors: Float32Array;

  constructor(recipe: Recipe, photographs: Photographs) {
    this.recipe = recipe;
    this.#photographs = photographs;
    this.#layers = networkLayers(recipe.width);
    this.parameters = new Parameters(everyLayer(this.#layers), recipe.seed);
    this.optimiser = new Optimiser(this.parameters.trained);
    this.#anchors = generateAnchors(anchorPresets.mnet025, recipe.sidePx, recipe.sidePx);
  }

  /** Steps done. */
  get step(): number {
    return this.optimiser.steps;
  }

  /** Draw a batch, and take one step. */
  async advance(): Promise<MultiTaskLoss> {
    const { steps, rate } = this.recipe;
    const crops = await this.#drawBatch();
    const { loss, gradients } = this.#differentiate(crops);
    this.optimiser.step(gradients, learningRate(this.step, steps, rate));
    return loss;
  }

  /** The crops of a step depend on the seed and the number of the step alone. */
  async #drawBatch(): Promise<TrainingCrop[]> {
    const { seed, batch, sidePx } = this.recipe;
    const random = seededRandom(seed + 7919 * (this.step + 1));
    const crops: TrainingCrop[] = [];
    for (let at = 0; at < batch; at++) {
      const photograph = await this.#photographs.load(Math.floor(random() * this.#photographs.count));
      crops.push(trainingCrop(photograph, sidePx, random));
    }
    return crops;
  }

  #differentiate(crops: readonly TrainingCrop[]): { loss: MultiTaskLoss; gradients: Map<string, Float32Array> } {
    const { sidePx } = this.recipe;
    const entries = [...this.parameters.trained];
    let loss: MultiTaskLoss | undefined;
    const gradients = new Map<string, Float32Array>();
    // Nothing is returned: tidy would look for tensors in every number of it.
    tf.tidy(() => {
      const images = tf.stack(crops.map(({ pixels }) => tf.tensor3d(pixels, [sidePx, sidePx, 3]))) as tf.Tensor4D;
      const evaluate = (...tensors: tf.Tensor[]): tf.Scalar => {
        const weights = new Map(entries.map(([name], at) => [name, tensors[at]]));
        const network = new Network(this.#layers, weights, (norm, batch) => this.#follow(norm, batch));
        const faces = crops.map((crop) => crop.faces);
        return networkLoss(network.apply(images), this.#anchors, faces, lossOptions, (value) => {
          loss = value;
        });
      };
      const slopes = tf.grads(evaluate)(entries.map(([, parameter]) => toTensor(parameter)));
      for (const [at, [name, parameter]] of entries.entries()) gradients.set(name, fromTensor(slopes[at], parameter));
    });
    return { loss: loss as MultiTaskLoss, gradients };
  }

  /** Let the running statistics follow those of a batch; the variance is that of a sample. */
  #follow(norm: string, { mean, variance, count }: BatchStatistics): void {
    const follow = (name: string, tensor: tf.Tensor1D, factor: number): void => {
      const { values } = this.parameters.statistics.get(`${norm}.${name}`) as Parameter;
      const seen = tensor.dataSync();
      for (let at = 0; at < values.length; at++) values[at] += momentum * (factor * seen[at] - values[at]);
      tensor.dispose();
    };
    follow('running_mean', mean, 1);
    follow('running_var', variance, count / Math.max(count - 1, 1));
  }
}
