import type * as tf from '@tensorflow/tfjs-core';
import { type ConvLayer, leak, type NetworkLayers } from './layers.js';
import { type BatchStatistics, batchNorm } from './ops/batch-norm.js';
import { convolution, convolutionOfImages } from './ops/convolution.js';
import { depthwise } from './ops/depthwise.js';
import { addUpsampled, head, join } from './ops/join.js';

/** The raw outputs for a batch, in the order of the anchors: [batch, anchors, 2], x 4 and x 10. */
export interface NetworkOutputs {
  readonly logits: tf.Tensor3D;
  readonly boxes: tf.Tensor3D;
  readonly landmarks: tf.Tensor3D;
}

/** Numbers that a head gives for an anchor. */
const numbers = { logits: 2, boxes: 4, landmarks: 10 } as const;

/** RetinaFace MobileNet-0.25 in training: batch normalisation takes the statistics of the batch. */
export class Network {
  readonly #layers: NetworkLayers;
  readonly #weights: ReadonlyMap<string, tf.Tensor>;
  readonly #report: (norm: string, statistics: BatchStatistics) => void;

  /**
   * @param weights tensors by name: filters [kernel, kernel, inputs, outputs], those of depthwise convolutions
   *                [kernel, kernel, channels, 1].
   * @param report  receives the statistics of each batch normalisation.
   */
  constructor(
    layers: NetworkLayers,
    weights: ReadonlyMap<string, tf.Tensor>,
    report: (norm: string, statistics: BatchStatistics) => void,
  ) {
    this.#layers = layers;
    this.#weights = weights;
    this.#report = report;
  }

  /** @param images [batch, height, width, 3], sides a multiple of 32, BGR minus (104, 117, 123). */
  apply(images: tf.Tensor4D): NetworkOutputs {
    const { stages, laterals, merges, contexts, heads } = this.#layers;
    let at = images;
    const maps = stages.map((blocks) => {
      for (const layer of blocks.flat()) at = this.#normalised(layer, at, leak, at === images);
      return at;
    });
    const levels = laterals.map((layer, level) => this.#normalised(layer, maps[level], leak));
    for (let level = levels.length - 2; level >= 0; level--) {
      levels[level] = this.#normalised(merges[level], addUpsampled(levels[level], levels[level + 1]), leak);
    }
    const features = levels.map((map, level) => {
      const { reach3, shared, reach5, middle, reach7 } = contexts[level];
      const wider = this.#normalised(shared, map, leak);
      const widest = this.#normalised(reach7, this.#normalised(middle, wider, leak), 0);
      return join([this.#normalised(reach3, map, 0), this.#normalised(reach5, wider, 0), widest], 3);
    });
    const rows = (kind: keyof typeof numbers): tf.Tensor3D =>
      join(
        features.map((map, level) => {
          const { name } = heads[level][kind];
          return head(map, this.#weight(`${name}.weight`), this.#weight(`${name}.bias`), numbers[kind]);
        }),
        1,
      );
    return { logits: rows('logits'), boxes: rows('boxes'), landmarks: rows('landmarks') };
  }

  #normalised(layer: ConvLayer, x: tf.Tensor4D, slope: number, photographs = false): tf.Tensor4D {
    const filter = this.#weight<tf.Tensor4D>(`${layer.name}.weight`);
    const apply = photographs ? convolutionOfImages : layer.depthwise ? depthwise : convolution;
    const norm = layer.norm as string;
    const [scale, shift] = [this.#weight<tf.Tensor1D>(`${norm}.weight`), this.#weight<tf.Tensor1D>(`${norm}.bias`)];
    return batchNorm(apply(x, filter, layer.stride), scale, shift, slope, (statistics) =>
      this.#report(norm, statistics),
    );
  }

  #weight<T extends tf.Tensor>(name: string): T {
    return this.#weights.get(name) as T;
  }
}
