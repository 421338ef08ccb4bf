import { describe, expect, it } from 'vitest';
import { encodeNpyHeader } from '../../src/npy/encode.js';
import { parseNpyHeader } from '../../src/npy/header.js';
import { openNpy } from '../../src/npy/open.js';
import { readNpyArray } from '../../src/npy/read-array.js';
import { readNpyVector } from '../../src/npy/read-vector.js';
import { tempFile } from '../temp-files.js';

/** A .npy file put together by hand from the format description of numpy. */
function npyBytes(
  descr: string,
  shape: string,
  data: Uint8Array,
  options: { major?: number; fortran?: string } = {},
): Uint8Array {
  const { major = 1, fortran = 'False' } = options;
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }\n`;
  const lengthBytes = major === 1 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0];
  return Uint8Array.from([0x93, ...Buffer.from('NUMPY'), major, 0, ...lengthBytes, ...Buffer.from(text), ...data]);
}

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

describe('openNpy(file)', () => {
  it.each([
    ['<f4', new Float32Array([1.5, -2, 3])],
    ['<f8', new Float64Array([1.5, -2, 3])],
    ['<f2', new Uint16Array([0x3e00, 0xc000, 0x4200])],
  ])('reads %s', async (descr, data) => {
    const npy = await openNpy(await tempFile('a.npy', npyBytes(descr, '(3,)', bytesOf(data))));
    const out = new Float64Array(2);
    await npy.readInto(1, out);
    await npy.close();
    expect([...out]).toEqual([-2, 3]);
  });

  it.each([
    ['|i1', new Int8Array([1, -2])],
    ['<i2', new Int16Array([1, -2])],
    ['<i4', new Int32Array([1, -2])],
    ['<i8', new BigInt64Array([1n, -2n])],
  ])('reads %s', async (descr, data) => {
    expect([...(await readNpyVector(await tempFile('a.npy', npyBytes(descr, '(2,)', bytesOf(data)))))]).toEqual([
      1, -2,
    ]);
  });

  it('reads rows of a matrix in float32, format versions 1 to 3', async () => {
    const data = bytesOf(new Float32Array([1, 2, 3, 4, 5, 6]));
    for (const major of [1, 2, 3]) {
      const npy = await openNpy(await tempFile('m.npy', npyBytes('<f4', '(3, 2)', data, { major })));
      expect(npy.header.shape).toEqual([3, 2]);
      const row = new Float32Array(2);
      await npy.readInto(4, row);
      await npy.close();
      expect([...row]).toEqual([5, 6]);
    }
  });

  it.each([
    [
      'a truncated file',
      npyBytes('<f4', '(3,)', new Uint8Array(11)),
      /expected \d+ bytes for shape \(3\) of f4, got \d+; the file is truncated/,
    ],
    ['bytes left over', npyBytes('<f4', '(3,)', new Uint8Array(13)), /the file is damaged/],
    ['a header that asks for gigabytes', npyBytes('<f4', '(99999999999, 512)', new Uint8Array(8)), /truncated/],
    [
      'a header length beyond the file',
      Uint8Array.from([0x93, ...Buffer.from('NUMPY'), 2, 0, 255, 255, 255, 255]),
      /says 4294967307/,
    ],
    ['no .npy at all', new TextEncoder().encode('not a numpy file'), /expected a \.npy file/],
    ['an empty file', new Uint8Array(0), /expected a \.npy file, got 0 bytes/],
    ['objects', npyBytes('|O', '(3,)', new Uint8Array(24)), /got '\|O'; save array\.astype/],
    ['big-endian numbers', npyBytes('>f4', '(3,)', new Uint8Array(12)), /got '>f4'/],
    ['Fortran order', npyBytes('<f4', '(3, 2)', new Uint8Array(24), { fortran: 'True' }), /ascontiguousarray/],
    ['version 9', npyBytes('<f4', '(3,)', new Uint8Array(12), { major: 9 }), /version 9\.0/],
  ])('refuses %s', async (_, bytes, message) => {
    await expect(openNpy(await tempFile('bad.npy', bytes))).rejects.toThrow(message);
  });
});

describe('readNpyArray(file)', () => {
  it('gives a matrix in Fortran order with its last axis varying fastest, as it gives any other', async () => {
    // ((1, 2), (3, 4), (5, 6)) lies column by column: 1 3 5 2 4 6.
    const columns = npyBytes('<f8', '(3, 2)', bytesOf(new Float64Array([1, 3, 5, 2, 4, 6])), { fortran: 'True' });
    const rows = npyBytes('<f8', '(3, 2)', bytesOf(new Float64Array([1, 2, 3, 4, 5, 6])));
    const expected = { values: Float64Array.from([1, 2, 3, 4, 5, 6]), shape: [3, 2] };
    expect(await readNpyArray(await tempFile('f.npy', columns))).toEqual(expected);
    expect(await readNpyArray(await tempFile('c.npy', rows))).toEqual(expected);
    // Of shape (2, 2, 2) and Fortran order, element (i, j, k) lies at i + 2 j + 4 k.
    const cube = npyBytes('<f8', '(2, 2, 2)', bytesOf(new Float64Array([0, 1, 2, 3, 4, 5, 6, 7])), { fortran: 'True' });
    expect([...(await readNpyArray(await tempFile('3.npy', cube))).values]).toEqual([0, 4, 2, 6, 1, 5, 3, 7]);
  });
});

describe('readNpyVector(file)', () => {
  it('refuses NaN and a matrix', async () => {
    const nan = npyBytes('<f8', '(2,)', bytesOf(new Float64Array([1, Number.NaN])));
    await expect(readNpyVector(await tempFile('s.npy', nan))).rejects.toThrow(
      's.npy: row 1: expected a finite number, got NaN',
    );
    const matrix = npyBytes('<f8', '(1, 2)', bytesOf(new Float64Array(2)));
    await expect(readNpyVector(await tempFile('s.npy', matrix))).rejects.toThrow('expected one value per row');
  });
});

describe('encodeNpyHeader(type, shape)', () => {
  it('writes what parseNpyHeader reads, padded to a multiple of 64 bytes and ended by a newline', () => {
    for (const shape of [[3], [9388, 64], [469_375, 512]]) {
      const bytes = encodeNpyHeader('<f4', shape);
      expect(bytes.length % 64).toBe(0);
      expect(bytes.at(-1)).toBe(0x0a);
      const items = shape.reduce((a, b) => a * b);
      expect(parseNpyHeader(bytes, bytes.length + items * 4, 'x.npy')).toMatchObject({ type: 'f4', shape, items });
    }
  });
});
