import { deflateSync } from 'node:zlib';

/** A value to be written: nested arrays are cells, text is char, numbers are [rows, columns] of int32 or uint8. */
export type MatInput =
  | { readonly cells: readonly MatInput[] }
  | { readonly text: string }
  | { readonly numbers: readonly number[]; readonly columns: number; readonly type: 'int32' | 'uint8' };

/** A level-5 MAT file, written independently of the reader, in the forms that WIDER FACE's files use. */
export function writeMat(variables: Readonly<Record<string, MatInput>>, compressed = true): Uint8Array {
  const parts = Object.entries(variables).map(([name, value]) => {
    const matrix = writeMatrix(name, value);
    return compressed ? element(15, deflateSync(matrix), false) : matrix;
  });
  return Buffer.concat([matHeader(), ...parts]);
}

/** What a level-5 file starts with, little-endian. */
export function matHeader(): Buffer {
  const header = Buffer.alloc(128, ' ');
  header.write('MATLAB 5.0 MAT-file, written by a test', 'latin1');
  header.writeUInt16LE(0x0100, 124);
  header.write('IM', 126, 'latin1');
  return header;
}

function writeMatrix(name: string, value: MatInput): Buffer {
  if ('cells' in value) {
    const cells = value.cells.map((cell) => writeMatrix('', cell));
    return matrix(1, [value.cells.length, 1], name, cells);
  }
  if ('text' in value) {
    const codes = Buffer.from(value.text, 'utf16le');
    return matrix(4, [1, value.text.length], name, [element(17, codes)]);
  }
  const { numbers, columns, type } = value;
  const data = Buffer.from((type === 'int32' ? Int32Array : Uint8Array).from(numbers).buffer);
  return matrix(type === 'int32' ? 12 : 9, [numbers.length / columns, columns], name, [
    element(type === 'int32' ? 5 : 2, data),
  ]);
}

/** A matrix element of any class, dimensions and data. */
export function matrix(
  matlabClass: number,
  dimensions: readonly number[],
  name: string,
  data: readonly Buffer[],
): Buffer {
  const flags = Buffer.alloc(8);
  flags.writeUInt32LE(matlabClass, 0);
  const shape = Buffer.from(Int32Array.from(dimensions).buffer);
  return element(14, Buffer.concat([element(6, flags), element(5, shape), element(1, Buffer.from(name)), ...data]));
}

/** An element of any data type; short data go into the small form unless `padded` is false. */
export function element(type: number, data: Buffer, padded = true): Buffer {
  if (padded && data.length > 0 && data.length <= 4) {
    const small = Buffer.alloc(8);
    small.writeUInt32LE(type | (data.length << 16), 0);
    data.copy(small, 4);
    return small;
  }
  const tag = Buffer.alloc(8);
  tag.writeUInt32LE(type, 0);
  tag.writeUInt32LE(data.length, 4);
  const padding = Buffer.alloc(padded ? (8 - (data.length % 8)) % 8 : 0);
  return Buffer.concat([tag, data, padding]);
}
