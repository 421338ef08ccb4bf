import { halfToFloat, ModelError, shortenText } from '@retinabench/core';
import type { OnnxTensor } from './model.js';

/**
 * The elements of a constant as numbers; int64 beyond 2^53 lose their last bits.
 *
 * @returns Float32Array for `float` and `float16` (a view of the constant where its alignment allows it), else
 * Float64Array; row-major.
 * @throws {ModelError} if the bytes do not hold whole elements.
 */
export function tensorValues(tensor: OnnxTensor): Float32Array | Float64Array {
  const { bytes, elementType } = tensor;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fill = (size: number, read: (at: number) => number): Float64Array => {
    if (bytes.length % size !== 0)
      throw new ModelError(`tensor ${shortenText(tensor.name)}: ${bytes.length} bytes of ${elementType}`);
    return Float64Array.from({ length: bytes.length / size }, (_, index) => read(index * size));
  };
  switch (elementType) {
    case 'float':
      return bytes.byteOffset % 4 === 0
        ? new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
        : new Float32Array(new Uint8Array(bytes).buffer);
    case 'float16':
      return Float32Array.from(fill(2, (at) => halfToFloat(view.getUint16(at, true))));
    case 'double':
      return fill(8, (at) => view.getFloat64(at, true));
    case 'int64':
      return fill(8, (at) => Number(view.getBigInt64(at, true)));
    case 'uint64':
      return fill(8, (at) => Number(view.getBigUint64(at, true)));
    case 'int32':
      return fill(4, (at) => view.getInt32(at, true));
    case 'uint32':
      return fill(4, (at) => view.getUint32(at, true));
    case 'int16':
      return fill(2, (at) => view.getInt16(at, true));
    case 'uint16':
      return fill(2, (at) => view.getUint16(at, true));
    case 'int8':
      return fill(1, (at) => view.getInt8(at));
    case 'uint8':
    case 'bool':
      return fill(1, (at) => view.getUint8(at));
  }
}
