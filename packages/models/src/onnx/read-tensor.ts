import { ModelError, shortenText } from '@retinabench/core';
import type { OnnxElementType, OnnxTensor } from './model.js';
import { elementBytes, elementTypeCodes, type WireTensor } from './schema.js';

/**
 * Bring a decoded TensorProto, which may hold its elements in one of six fields, to one form.
 *
 * @param place what to call the tensor in messages.
 * @throws {ModelError} if the element type is unknown, the data lie in another file, or their number is not
 * product(dims).
 */
export function readTensor(wire: WireTensor, place: string): OnnxTensor {
  const found = Object.entries(elementTypeCodes).find(([, code]) => code === wire.dataType);
  if (found === undefined) {
    throw new ModelError(`${place}: expected numbers, got element type ${wire.dataType ?? 'none'}`);
  }
  if (wire.dataLocation === 1) {
    throw new ModelError(`${place}: its data lie in another file, which is not supported; save the model in one file`);
  }
  const elementType = found[0] as OnnxElementType;
  const count = wire.dims.reduce((product, dim) => product * dim, 1);
  const bytes =
    wire.rawData !== undefined && wire.rawData.length > 0 ? wire.rawData : encodeElements(elementType, wire);
  if (
    wire.dims.some((dim) => !Number.isSafeInteger(dim) || dim < 0) ||
    bytes.length !== count * elementBytes[elementType]
  ) {
    throw new ModelError(
      `${place}: expected ${count * elementBytes[elementType]} bytes for ${elementType} [${shortenText(wire.dims.slice(0, 32).join(', '))}], got ${
        bytes.length
      }; the file is damaged`,
    );
  }
  return { name: wire.name ?? '', elementType, dims: wire.dims, bytes };
}

/** Elements that lie in a typed field, as little-endian bytes. Small integers and halves travel as int32. */
function encodeElements(elementType: OnnxElementType, wire: WireTensor): Uint8Array {
  const values = elementsOf(elementType, wire);
  const size = elementBytes[elementType];
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    const at = index * size;
    if (elementType === 'float') view.setFloat32(at, value, true);
    else if (elementType === 'double') view.setFloat64(at, value, true);
    else if (elementType === 'int64' || elementType === 'uint64') view.setBigInt64(at, BigInt(Math.trunc(value)), true);
    else if (size === 4) view.setInt32(at, value, true);
    else if (size === 2) view.setInt16(at, value, true);
    else view.setInt8(at, value);
  });
  return bytes;
}

function elementsOf(elementType: OnnxElementType, wire: WireTensor): readonly number[] {
  switch (elementType) {
    case 'float':
      return wire.floatData;
    case 'double':
      return wire.doubleData;
    case 'int64':
      return wire.int64Data;
    case 'uint32':
    case 'uint64':
      return wire.uint64Data;
    default:
      return wire.int32Data;
  }
}
