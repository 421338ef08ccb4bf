import { ModelError } from '@retinabench/core';
import type { CheckpointTensor } from '../checkpoint/storage.js';
import { isTrainable, type WeightRole, type WeightSource } from './weight-source.js';

/** Weights out of a checkpoint. */
export class CheckpointSource implements WeightSource {
  parameters = 0;
  readonly #taken = new Set<string>();

  readonly #tensors: ReadonlyMap<string, CheckpointTensor>;
  readonly #place: string;

  /**
   * @param tensors of the checkpoint.
   * @param place   its file name, for messages.
   */
  constructor(tensors: ReadonlyMap<string, CheckpointTensor>, place: string) {
    this.#tensors = tensors;
    this.#place = place;
  }

  take(name: string, dims: readonly number[], role: WeightRole): Float32Array {
    const tensor = this.#tensors.get(name);
    const wanted = `[${dims.join(', ')}]`;
    if (tensor === undefined) {
      throw new ModelError(
        `${this.#place}: tensor ${name}: expected ${wanted}, got none; name the architecture that it was trained with`,
      );
    }
    if (tensor.dims.length !== dims.length || tensor.dims.some((dim, axis) => dim !== dims[axis])) {
      throw new ModelError(
        `${this.#place}: tensor ${name}: expected ${wanted}, got [${tensor.dims.join(', ')}]; name the architecture that it was trained with`,
      );
    }
    const bad = tensor.values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      throw new ModelError(
        `${this.#place}: tensor ${name}: element ${bad} is ${tensor.values[bad]}; the weights are damaged`,
      );
    this.#taken.add(name);
    if (isTrainable(role)) this.parameters += tensor.values.length;
    return Float32Array.from(tensor.values);
  }

  /**
   * Make sure that the architecture used the whole checkpoint, counters of training apart.
   *
   * @throws {ModelError} if a tensor is left over: then this is another network.
   */
  assertAllTaken(): void {
    const left = [...this.#tensors.keys()].filter(
      (name) => !this.#taken.has(name) && !name.endsWith('.num_batches_tracked'),
    );
    if (left.length > 0) {
      throw new ModelError(
        `${this.#place}: ${left.length} tensors have no place in this architecture (${left.slice(0, 3).join(', ')}); name the architecture that it was trained with`,
      );
    }
  }
}
