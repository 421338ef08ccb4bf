import * as tf from '@tensorflow/tfjs-core';
import { type HostTensor, permuteHost } from '../graph/host-tensor.js';

/** TensorFlow.js's name of an element type. */
export const tfType = { float: 'float32', int: 'int32', bool: 'bool' } as const;

const int32Max = 2 ** 31 - 1;

/** Make a TensorFlow.js tensor; integers beyond 32 bits saturate, as ONNX files write "to the end" with them. */
function uploadTensor(tensor: HostTensor): tf.Tensor {
  if (tensor.type === 'float') return tf.tensor(tensor.data as Float32Array, [...tensor.dims], 'float32');
  const clamped = Int32Array.from(tensor.data, (value) => Math.max(-int32Max - 1, Math.min(int32Max, value)));
  if (tensor.type === 'bool') return tf.tensor(Uint8Array.from(clamped), [...tensor.dims], 'bool');
  return tf.tensor(clamped, [...tensor.dims], 'int32');
}

/** Weights on the backend: each uploaded once per storage order, kept until the owner is disposed. */
export class ConstantStore {
  readonly #tensors = new Map<HostTensor, Map<string, tf.Tensor>>();

  /** The tensor stored in `order`. */
  get(tensor: HostTensor, order: readonly number[]): tf.Tensor {
    let byOrder = this.#tensors.get(tensor);
    if (!byOrder) {
      byOrder = new Map();
      this.#tensors.set(tensor, byOrder);
    }
    const key = order.join();
    let uploaded = byOrder.get(key);
    if (!uploaded) {
      uploaded = tf.keep(uploadTensor(permuteHost(tensor, order)));
      byOrder.set(key, uploaded);
    }
    return uploaded;
  }

  dispose(): void {
    for (const byOrder of this.#tensors.values()) for (const tensor of byOrder.values()) tensor.dispose();
    this.#tensors.clear();
  }
}

/** Tensors computed from weights alone, such as a reshaped filter: one object per weight and key, so that it is uploaded once. */
export class DerivedTensors {
  readonly #derived = new Map<HostTensor, Map<string, HostTensor>>();
  readonly #permanent: Set<HostTensor>;

  /** @param weights tensors that live as long as the session. */
  constructor(weights: Iterable<HostTensor>) {
    this.#permanent = new Set(weights);
  }

  /** Whether the tensor lives as long as the session, not only as long as one plan. */
  isPermanent(tensor: HostTensor): boolean {
    return this.#permanent.has(tensor);
  }

  /** `make()`, remembered under `tensor` and `key` if `tensor` is permanent. */
  derive(tensor: HostTensor, key: string, make: () => HostTensor): HostTensor {
    if (!this.isPermanent(tensor)) return make();
    let byKey = this.#derived.get(tensor);
    if (!byKey) {
      byKey = new Map();
      this.#derived.set(tensor, byKey);
    }
    let made = byKey.get(key);
    if (!made) {
      made = make();
      byKey.set(key, made);
      this.#permanent.add(made);
    }
    return made;
  }
}
