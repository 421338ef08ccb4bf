import { DatasetError } from '@retinabench/core/basics';

/** Element types of a `.npy` file that are read, by numpy's name without the byte order. */
export type NpyType = 'f2' | 'f4' | 'f8' | 'i1' | 'i2' | 'i4' | 'i8' | 'u1' | 'u2' | 'u4' | 'u8' | 'b1';

/** What a `.npy` file begins with. */
export interface NpyHeader {
  readonly type: NpyType;
  readonly itemBytes: number;
  readonly shape: readonly number[];
  /** Product of the shape. */
  readonly items: number;
  /** Of a matrix: the first axis varies fastest. */
  readonly fortranOrder: boolean;
  /** Where the data starts. */
  readonly dataOffset: number;
}

/** Bytes to read before parseNpyHeader: the longest header that is accepted. */
export const maxHeaderBytes = 1 << 16;

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/**
 * Parse the header of a `.npy` file and hold it against the size of the file, so that no header can ask for more
 * memory than there are bytes.
 *
 * @param bytes     the first `maxHeaderBytes` bytes of the file, or all of it if it is shorter.
 * @param fileBytes size of the whole file.
 * @param place     the file's name, for messages.
 * @throws {DatasetError} if the bytes are no `.npy` header (versions 1.0, 2.0, 3.0), the element type is not a number
 * in little-endian order, or the file is shorter or longer than its header says.
 * Source: the format description of numpy.lib.format.
 */
export function parseNpyHeader(bytes: Uint8Array, fileBytes: number, place: string): NpyHeader {
  if (bytes.length < 10 || magic.some((byte, i) => bytes[i] !== byte)) {
    throw new DatasetError(`${place}: expected a .npy file, got ${fileBytes} bytes that do not start like one`);
  }
  const major = bytes[6];
  if (major < 1 || major > 3) {
    throw new DatasetError(`${place}: expected a .npy file of version 1 to 3, got version ${major}.${bytes[7]}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const textStart = major === 1 ? 10 : 12;
  const textBytes = major === 1 ? view.getUint16(8, true) : bytes.length >= 12 ? view.getUint32(8, true) : Infinity;
  const dataOffset = textStart + textBytes;
  if (dataOffset > bytes.length) {
    throw new DatasetError(
      `${place}: expected a .npy header of at most ${bytes.length} bytes, got one that says ${dataOffset}; the file is truncated or damaged`,
    );
  }
  const text = new TextDecoder().decode(bytes.subarray(textStart, dataOffset));
  const { type, itemBytes } = parseType(text, place);
  const shape = parseShape(text, place);
  const fortranOrder = shape.length > 1 && /'fortran_order'\s*:\s*True/.test(text);
  const items = shape.reduce((product, length) => product * length, 1);
  const expectedBytes = dataOffset + items * itemBytes;
  if (expectedBytes !== fileBytes) {
    throw new DatasetError(
      `${place}: expected ${expectedBytes} bytes for shape (${shape.join(', ')}) of ${type}, got ${fileBytes}; the file is ${fileBytes < expectedBytes ? 'truncated' : 'damaged'}: make it again`,
    );
  }
  return { type, itemBytes, shape, items, fortranOrder, dataOffset };
}

function parseType(text: string, place: string): { type: NpyType; itemBytes: number } {
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const match = /^[<|=]?(f[248]|[iu][1248]|b1)$/.exec(descr ?? '');
  if (match === null) {
    throw new DatasetError(
      `${place}: expected little-endian numbers (<f4, <f8, <f2, <i8, |u1, ...), got ${descr === undefined ? 'no element type' : `'${descr.slice(0, 30)}'`}; save array.astype('<f4')`,
    );
  }
  const type = match[1] as NpyType;
  return { type, itemBytes: Number(type[1]) };
}

function parseShape(text: string, place: string): number[] {
  const inner = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(text)?.[1];
  if (inner === undefined) throw new DatasetError(`${place}: expected a shape in the .npy header, got none`);
  return inner
    .split(',')
    .map((length) => length.trim())
    .filter((length) => length !== '')
    .map(Number);
}
