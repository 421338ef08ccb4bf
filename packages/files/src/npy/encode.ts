/**
 * Header of a `.npy` file of version 1.0 with little-endian float32 or float64 data in C order.
 *
 * @param type  numpy's name of the element type.
 * @param shape lengths of the axes; the last may be padded for.
 * @returns the bytes before the data: a multiple of 64 of them, as numpy pads it.
 * Source: the format description of numpy.lib.format.
 */
export function encodeNpyHeader(type: '<f4' | '<f8', shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dictionary = `{'descr': '${type}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const unpadded = 10 + dictionary.length + 1;
  const total = Math.ceil(unpadded / 64) * 64;
  const bytes = new Uint8Array(total).fill(0x20);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(bytes.buffer).setUint16(8, total - 10, true);
  bytes.set(new TextEncoder().encode(dictionary), 10);
  bytes[total - 1] = 0x0a;
  return bytes;
}
