import { deflateSync } from 'node:zlib';
import { DatasetError } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { readMat } from '../../src/mat/read-mat.js';
import { writeMat } from '../mat-writer.js';

const input = {
  events: { cells: [{ text: '0--Parade' }, { text: 'a' }] },
  boxes: { cells: [{ numbers: [1, 2, 3, 4, -5, 6, 7, 8], columns: 4, type: 'int32' as const }] },
  none: { numbers: [], columns: 1, type: 'uint8' as const },
};

describe('readMat', () => {
  it.each([true, false])('gives back text, cells and numbers (compressed: %s)', (compressed) => {
    const variables = readMat(writeMat(input, compressed), 'test.mat');
    expect([...variables.keys()]).toEqual(['events', 'boxes', 'none']);
    expect(variables.get('events')).toEqual({
      kind: 'cell',
      dimensions: [2, 1],
      cells: [
        { kind: 'text', dimensions: [1, 9], text: '0--Parade' },
        { kind: 'text', dimensions: [1, 1], text: 'a' },
      ],
    });
    const boxes = variables.get('boxes');
    expect(boxes).toMatchObject({ cells: [{ dimensions: [2, 4], values: Float64Array.of(1, 2, 3, 4, -5, 6, 7, 8) }] });
  });

  it('names the byte of text that its dimensions do not fit', () => {
    const bytes = Buffer.from(writeMat({ name: { text: 'abc' } }, false));
    // The text has the dimensions [1, 3] at byte 160: 128 of the header, tags and flags of 8 bytes each.
    bytes.writeInt32LE(0x7fff_ffff, 164);
    expect(() => readMat(bytes, 'x.mat')).toThrow(/x\.mat: byte \d+: expected 2147483647 characters, got 3/);
  });

  it('refuses a complex array by its name, whose imaginary part would be lost', () => {
    const bytes = Buffer.from(writeMat({ boxes: { numbers: [1, 2], columns: 2, type: 'int32' } }, false));
    // The flags of the array stand after the class, at byte 128 + 16; 0x08 is complex (MAT-file format, table 1-3).
    bytes[128 + 17] |= 0x08;
    expect(() => readMat(bytes, 'x.mat')).toThrow(DatasetError);
    expect(() => readMat(bytes, 'x.mat')).toThrow(
      /x\.mat: byte \d+: boxes: expected real numbers, got a complex array/,
    );
  });

  it('reads an array in a cell the same whether its empty name is of int8, as MATLAB writes it, or of uint8', () => {
    const bytes = Buffer.from(writeMat({ boxes: input.boxes }, false));
    const boxes = readMat(bytes, 'x.mat').get('boxes');
    // The tag of the name in the cell, the last one of int8 (type 1) without data.
    const name = bytes.lastIndexOf(Buffer.of(1, 0, 0, 0, 0, 0, 0, 0));
    bytes[name] = 2;
    expect(readMat(bytes, 'x.mat').get('boxes')).toEqual(boxes);
    // The dimensions end before it: 2 x 4; the flags begin with the class, 24 bytes before it.
    expect(bytes.readInt32LE(name - 8)).toBe(2);
    for (const type of [1, 2]) {
      bytes[name] = type;
      bytes.writeInt32LE(-2, name - 8);
      expect(() => readMat(bytes, 'x.mat')).toThrow(/expected 2 to 8 dimensions of at least 0, got -2 x 4/);
      bytes.writeInt32LE(2, name - 8);
      bytes[name - 23] |= 0x08;
      expect(() => readMat(bytes, 'x.mat')).toThrow(/an array in a cell: expected real numbers, got a complex array/);
      bytes[name - 23] &= ~0x08;
    }
  });

  it('decodes only the variables asked for', () => {
    expect([...readMat(writeMat(input), 'test.mat', new Set(['none'])).keys()]).toEqual(['none']);
  });

  it('names file and byte of a header that is not level 5', () => {
    expect(() => readMat(new TextEncoder().encode('not a MAT file'), 'x.mat')).toThrow(
      /^x\.mat: byte 124: expected the header of a level-5 MAT file.* got a file of 14 bytes/,
    );
    const version73 = writeMat(input).slice();
    version73[125] = 2;
    expect(() => readMat(version73, 'x.mat')).toThrow(/version 2, "IM"/);
  });

  it('names the byte at which a truncated file ends', () => {
    const bytes = writeMat(input, false);
    expect(() => readMat(bytes.subarray(0, bytes.length - 20), 'x.mat')).toThrow(
      /x\.mat: byte \d+: expected an element/,
    );
    const compressed = writeMat(input);
    expect(() => readMat(compressed.subarray(0, compressed.length - 3), 'x.mat')).toThrow(DatasetError);
  });

  it('allocates nothing that a header announces and the bytes do not hold', () => {
    // A 2^31 x 2^31 cell array, and one number said to be 2^31 - 1, in about 200 bytes.
    for (const matlabClass of [1, 6, 9, 12]) {
      const bytes = Buffer.from(writeMat({ none: input.none }, false));
      bytes.writeUInt32LE(matlabClass, 128 + 16);
      bytes.writeInt32LE(0x7fff_ffff, 128 + 32);
      bytes.writeInt32LE(0x7fff_ffff, 128 + 36);
      const before = process.memoryUsage().rss;
      expect(() => readMat(bytes, 'x.mat')).toThrow(DatasetError);
      expect(process.memoryUsage().rss - before).toBeLessThan(64e6);
    }
  });

  it('stops inflating at 64 MiB', () => {
    const bomb = deflateSync(Buffer.alloc(80 * 1024 * 1024), { level: 9 });
    const tag = Buffer.alloc(8);
    tag.writeUInt32LE(15, 0);
    tag.writeUInt32LE(bomb.length, 4);
    const header = writeMat({}).subarray(0, 128);
    expect(() => readMat(Buffer.concat([header, tag, bomb]), 'x.mat')).toThrow(
      /x\.mat: byte 136: expected zlib data of at most 67108864 bytes/,
    );
  });
});
