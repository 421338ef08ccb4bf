import { halfToFloat, ModelError } from '@retinabench/core';
import type { TensorRef } from './tensor-ref.js';

/** A tensor of a checkpoint, row-major. */
export interface CheckpointTensor {
  readonly dims: readonly number[];
  /** Float32Array for float32, float16 and bfloat16, else Float64Array (int64 beyond 2^53 lose their last bits). */
  readonly values: Float32Array | Float64Array;
}

type ElementReader = (view: DataView, at: number) => number;

const readers: Readonly<
  Record<string, { readonly bytes: number; readonly single: boolean; readonly read: ElementReader }>
> = {
  'torch.FloatStorage': { bytes: 4, single: true, read: (view, at) => view.getFloat32(at, true) },
  'torch.HalfStorage': { bytes: 2, single: true, read: (view, at) => halfToFloat(view.getUint16(at, true)) },
  'torch.BFloat16Storage': { bytes: 2, single: true, read: readBfloat16 },
  'torch.DoubleStorage': { bytes: 8, single: false, read: (view, at) => view.getFloat64(at, true) },
  'torch.LongStorage': { bytes: 8, single: false, read: (view, at) => Number(view.getBigInt64(at, true)) },
  'torch.IntStorage': { bytes: 4, single: false, read: (view, at) => view.getInt32(at, true) },
  'torch.ShortStorage': { bytes: 2, single: false, read: (view, at) => view.getInt16(at, true) },
  'torch.CharStorage': { bytes: 1, single: false, read: (view, at) => view.getInt8(at) },
  'torch.ByteStorage': { bytes: 1, single: false, read: (view, at) => view.getUint8(at) },
  'torch.BoolStorage': { bytes: 1, single: false, read: (view, at) => view.getUint8(at) },
};

/** Bytes of one element of a storage class that `pickle-torch.ts` lets through. */
export function storageElementBytes(kind: string): number {
  return readerOf(kind).bytes;
}

/**
 * Copy a tensor out of its storage.
 *
 * @param data  bytes of the storage.
 * @param place what to call the tensor in messages.
 * @throws {ModelError} if the tensor reaches beyond its storage.
 * Cost: O(elements), which a view made by `expand` may have more of than its storage: bound them first.
 */
export function materialise(tensor: TensorRef, data: Uint8Array, place: string): CheckpointTensor {
  const { bytes, single, read } = readerOf(tensor.storage.kind);
  const { dims, strides, offset } = tensor;
  const count = dims.reduce((product, dim) => product * dim, 1);
  const last = count === 0 ? -1 : dims.reduce((at, dim, axis) => at + (dim - 1) * (strides[axis] as number), offset);
  const available = Math.floor(data.length / bytes);
  if (last >= available) {
    throw new ModelError(
      `${place}: [${dims.join(', ')}] with strides [${strides.join(', ')}] reaches element ${last} of a storage of ${available}; the file is damaged`,
    );
  }
  const values = single ? new Float32Array(count) : new Float64Array(count);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const index = new Array<number>(dims.length).fill(0);
  let from = offset;
  for (let to = 0; to < count; to++) {
    values[to] = read(view, from * bytes);
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      from += strides[axis] as number;
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < (dims[axis] as number)) break;
      from -= (index[axis] as number) * (strides[axis] as number);
      index[axis] = 0;
    }
  }
  return { dims, values };
}

function readerOf(kind: string): (typeof readers)[string] {
  const reader = readers[kind];
  if (reader === undefined) throw new ModelError(`${kind} is not a storage of numbers`);
  return reader;
}

function readBfloat16(view: DataView, at: number): number {
  const widened = new DataView(new ArrayBuffer(4));
  widened.setUint32(0, view.getUint16(at, true) << 16);
  return widened.getFloat32(0);
}
