import { ShapeError } from '../errors.js';
import { encodeFloat16 } from '../float16.js';
import { bytesOf, type StoredTensor, type TensorFile } from './tensor.js';

/**
 * Write a safetensors file. Tensors lie in the order of the map, without padding between them; the header is padded with
 * spaces to a multiple of 8 bytes.
 *
 * @returns the bytes; the same content gives the same bytes.
 * @throws {ShapeError} if a shape does not fit its data.
 * Source: https://huggingface.co/docs/safetensors, format.
 */
export function writeSafetensors(file: TensorFile): Uint8Array {
  const header: Record<string, unknown> = {};
  if (Object.keys(file.metadata).length > 0) header.__metadata__ = file.metadata;
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [name, tensor] of file.tensors) {
    const bytes = tensorBytes(name, tensor);
    header[name] = { dtype: tensor.format, shape: tensor.shape, data_offsets: [offset, offset + bytes.length] };
    offset += bytes.length;
    parts.push(bytes);
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const out = new Uint8Array(8 + headerLength + offset).fill(0x20, 8, 8 + headerLength);
  new DataView(out.buffer).setBigUint64(0, BigInt(headerLength), true);
  out.set(json, 8);
  let at = 8 + headerLength;
  for (const bytes of parts) {
    out.set(bytes, at);
    at += bytes.length;
  }
  return out;
}

function tensorBytes(name: string, tensor: StoredTensor): Uint8Array {
  const { format, shape, data } = tensor;
  const expected = shape.reduce((product, size) => product * size, 1);
  const stored = format === 'F16' ? encodeFloat16(Float32Array.from(data)) : data;
  if (data.length !== expected || stored.BYTES_PER_ELEMENT !== bytesOf[format]) {
    throw new ShapeError(
      `writeSafetensors: expected ${expected} numbers of ${format} in ${name} [${shape.join(', ')}], got ${data.length} of ${data.constructor.name}`,
    );
  }
  return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
}
