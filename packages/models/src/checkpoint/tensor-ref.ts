import type { PickleDict, PickleTuple, PickleValue } from '../pickle/pickle-value.js';

/** A flat run of numbers that lies elsewhere in the file. */
export class StorageRef {
  constructor(
    /** Name of the class: `torch.FloatStorage`. */
    readonly kind: string,
    readonly key: string,
    readonly elements: number,
  ) {}
}

/** A tensor: a strided window of a storage. */
export class TensorRef {
  constructor(
    readonly storage: StorageRef,
    readonly offset: number,
    readonly dims: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

/** What a pickle of tensors is made of. */
export type TorchValue = PickleValue<StorageRef | TensorRef>;
export type TorchTuple = PickleTuple<StorageRef | TensorRef>;
export type TorchDict = PickleDict<StorageRef | TensorRef>;
