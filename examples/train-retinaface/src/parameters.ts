import { ModelError, seededRandom } from '@retinabench/core';
import type { WeightSource } from '@retinabench/models';
import { anchorsPerCell, type ConvLayer } from './layers.js';

/** Probability of a face that an untrained network gives every anchor (arXiv:1708.02002, section 3.3). */
const prior = 0.01;

/** One tensor of the network, row-major. */
export interface Parameter {
  /** Of a filter: [outputs, inputs or 1, kernel, kernel], as in PyTorch. */
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

/** The tensors of a network by their names in the public PyTorch port: what training changes, and running statistics. */
export class Parameters implements WeightSource {
  readonly trained = new Map<string, Parameter>();
  /** `running_mean` and `running_var` of the batch normalisations. */
  readonly statistics = new Map<string, Parameter>();

  /** Draw the filters, scaled as He et al. (arXiv:1502.01852) do; the same seed gives the same numbers. */
  constructor(layers: readonly ConvLayer[], seed: number) {
    const random = seededRandom(seed);
    for (const { name, norm, inputs, outputs, kernel, depthwise } of layers) {
      const dims = [outputs, depthwise ? 1 : inputs, kernel, kernel];
      const bound = Math.sqrt(6 / (dims[1] * kernel * kernel));
      const scale = norm === undefined ? 0.1 * bound : bound;
      this.trained.set(
        `${name}.weight`,
        drawn(dims, () => (2 * random() - 1) * scale),
      );
      if (norm === undefined) {
        this.trained.set(`${name}.bias`, drawn([outputs], name.startsWith('ClassHead') ? priorLogit : () => 0));
        continue;
      }
      this.trained.set(
        `${norm}.weight`,
        drawn([outputs], () => 1),
      );
      this.trained.set(
        `${norm}.bias`,
        drawn([outputs], () => 0),
      );
      this.statistics.set(
        `${norm}.running_mean`,
        drawn([outputs], () => 0),
      );
      this.statistics.set(
        `${norm}.running_var`,
        drawn([outputs], () => 1),
      );
    }
  }

  /** Number of trained values. */
  get parameters(): number {
    return [...this.trained.values()].reduce((sum, { values }) => sum + values.length, 0);
  }

  /** For the graph writer: the tensor `name`. */
  take(name: string, dims: readonly number[]): Float32Array {
    const found = this.trained.get(name) ?? this.statistics.get(name);
    if (found === undefined || found.dims.join() !== dims.join()) {
      throw new ModelError(
        `tensor ${name}: expected [${dims.join(', ')}], got ${found ? `[${found.dims.join(', ')}]` : 'none'}; only a network of width 1 can be exported`,
      );
    }
    return found.values;
  }
}

function drawn(dims: readonly number[], draw: (index: number) => number): Parameter {
  const count = dims.reduce((product, dim) => product * dim, 1);
  return { dims, values: Float32Array.from({ length: count }, (_, index) => draw(index)) };
}

/** Class biases, background and face in turn, whose softmax is the prior. */
function priorLogit(index: number): number {
  const half = Math.log(prior / (1 - prior)) / anchorsPerCell;
  return index % 2 === 0 ? -half : half;
}
