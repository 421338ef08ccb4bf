import { type MultiTaskLoss, type MultiTaskOptions, multiTaskPresets, seededRandom } from '@retinabench/core';
import * as tf from '@tensorflow/tfjs-core';
import { featureCount } from './features.js';
import type { Heads } from './heads.js';
import { headsLoss } from './heads-loss.js';
import type { Sample } from './training-set.js';

/** Matching and weights of the public MobileNet-0.25's training; no pixel term. */
export const lossOptions: MultiTaskOptions = multiTaskPresets.mnet;

/** How to train. */
export interface TrainOptions {
  readonly steps: number;
  readonly learningRate: number;
  readonly seed: number;
  /** Called after each step, which is one image. */
  onStep?(step: number, loss: MultiTaskLoss): void;
}

/**
 * Train the heads with Adam, one image a step, in an order drawn anew for each pass over the images. The learning rate
 * falls linearly to a tenth.
 *
 * @returns the total loss of each step.
 */
export function trainHeads(heads: Heads, samples: readonly Sample[], options: TrainOptions): number[] {
  const random = seededRandom(options.seed);
  const optimizer = tf.train.adam(options.learningRate);
  const losses: number[] = [];
  let order: Sample[] = [];
  for (let step = 0; step < options.steps; step++) {
    if (order.length === 0) order = shuffled(samples, random);
    const sample = order.pop() as Sample;
    setLearningRate(optimizer, options.learningRate * (1 - (0.9 * step) / options.steps));
    const features = tf.tensor2d(sample.features, [sample.features.length / featureCount, featureCount]);
    const { value, grads } = tf.variableGrads(
      () =>
        headsLoss(heads.apply(features), sample, lossOptions, (loss) => {
          losses.push(loss.total);
          options.onStep?.(step, loss);
        }),
      heads.variables,
    );
    optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
    tf.dispose([features, value, grads]);
  }
  optimizer.dispose();
  return losses;
}

/** Adam keeps its rate in a field that is protected but for schedules like this. */
function setLearningRate(optimizer: tf.AdamOptimizer, rate: number): void {
  Object.assign(optimizer, { learningRate: rate });
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}
