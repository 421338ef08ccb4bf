import { seededRandom } from '@retinabench/core';
import * as tf from '@tensorflow/tfjs-core';
import { dense, denseOfFeatures, rectify } from './dense.js';
import { featureCount } from './features.js';
import type { HeadTensors } from './heads-loss.js';
import { layout } from './training-set.js';

/** Width of the hidden layer that the three heads share. */
const hidden = 48;

/** The trainable part: a hidden layer and, on top of it, the class, box and landmark heads of RetinaFace. */
export class Heads {
  readonly #weights: Record<'hidden' | 'logits' | 'boxes' | 'landmarks', tf.Variable<tf.Rank.R2>>;
  readonly #biases: Record<'hidden' | 'logits' | 'boxes' | 'landmarks', tf.Variable<tf.Rank.R1>>;

  /** Draw the weights, scaled as He et al. (arXiv:1502.01852) do; the same seed gives the same weights. */
  constructor(seed: number) {
    const random = seededRandom(seed);
    const perCell = layout.levels[0].sizesPx.length;
    const draw = (inputs: number, outputs: number): tf.Variable<tf.Rank.R2> => {
      const bound = Math.sqrt(6 / inputs);
      const values = Float32Array.from({ length: inputs * outputs }, () => (2 * random() - 1) * bound);
      return tf.tidy(() => tf.variable(tf.tensor2d(values, [inputs, outputs])));
    };
    const zeros = (outputs: number): tf.Variable<tf.Rank.R1> =>
      tf.tidy(() => tf.variable(tf.zeros<tf.Rank.R1>([outputs])));
    this.#weights = {
      hidden: draw(featureCount, hidden),
      logits: draw(hidden, perCell * 2),
      boxes: draw(hidden, perCell * 4),
      landmarks: draw(hidden, perCell * 10),
    };
    this.#biases = {
      hidden: zeros(hidden),
      logits: zeros(perCell * 2),
      boxes: zeros(perCell * 4),
      landmarks: zeros(perCell * 10),
    };
  }

  /** Everything that training changes. */
  get variables(): tf.Variable[] {
    return [...Object.values(this.#weights), ...Object.values(this.#biases)];
  }

  /** @param features [cells, featureCount]. */
  apply(features: tf.Tensor2D): HeadTensors {
    const shared = rectify(denseOfFeatures(features, this.#weights.hidden, this.#biases.hidden));
    return {
      logits: dense(shared, this.#weights.logits, this.#biases.logits),
      boxes: dense(shared, this.#weights.boxes, this.#biases.boxes),
      landmarks: dense(shared, this.#weights.landmarks, this.#biases.landmarks),
    };
  }

  dispose(): void {
    tf.dispose(this.variables);
  }
}
