import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { encodeNpyHeader, openNpy, parseNpyHeader, readNpyVector } from '@retinabench/files';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AllocationCounter } from '../../../../tools/fuzz/allocation-counter.js';
import { fuzzParser } from '../../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../../tools/fuzz/fuzz-runs.js';
import { mutatedBytes } from '../../../../tools/fuzz/mutated-bytes.js';
import { npyFeatures } from '../../src/template/features.js';

function npy(text: string, dataBytes: number, major = 1): Uint8Array {
  const length = major === 1 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0];
  const header = [0x93, ...Buffer.from('NUMPY'), major, 0, ...length, ...Buffer.from(text)];
  return Uint8Array.from([...header, ...new Array<number>(dataBytes).fill(0x3f)]);
}

const valid = [
  Buffer.concat([encodeNpyHeader('<f4', [3, 2]), Buffer.alloc(24, 0x3f)]),
  Buffer.concat([encodeNpyHeader('<f8', [4]), Buffer.alloc(32, 0x3f)]),
  npy("{'descr': '|u1', 'fortran_order': False, 'shape': (5, 1), }\n", 5, 2),
];

/** Headers of the right form with any type, order and shape. */
const headers = fc
  .tuple(
    fc.constantFrom('<f4', '<f8', '<f2', '|b1', '<i8', '>f4', '|O', 'f4', '<f4,<f4', '__proto__', '<U8'),
    fc.constantFrom('False', 'True', 'false', ''),
    fc.array(
      fc.constantFrom(
        '0',
        '1',
        '2',
        '3',
        '6',
        '-1',
        '1e9',
        '4294967296',
        '9'.repeat(30),
        '9'.repeat(400),
        '',
        ' ',
        '1 2',
        '0x10',
      ),
      {
        maxLength: 4,
      },
    ),
    fc.constantFrom(0, 4, 8, 24, 48),
    fc.constantFrom(1, 2, 3, 4),
  )
  .map(([descr, fortran, shape, data, major]) =>
    npy(`{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': (${shape.join(', ')}), }\n`, data, major),
  );

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'eval-ijbc-fuzz-'));
  file = path.join(folder, 'a.npy');
});
afterAll(() => rmSync(folder, { recursive: true }));

const header = {
  parse: (bytes: Uint8Array) => parseNpyHeader(bytes.subarray(0, 1 << 16), bytes.length, 'a.npy'),
  errors: [DatasetError],
  place: 'a.npy',
} as const;

describe('.npy files under fuzzing', () => {
  it('parseNpyHeader gives a header that fits the file, or DatasetError, for mutated files', async () => {
    await fuzzParser({
      ...header,
      name: 'npy header, bytes',
      inputs: mutatedBytes(valid),
      seed: 401,
      runs: fuzzRuns(),
    });
  });

  it('parseNpyHeader gives a header that fits the file, or DatasetError, for any shape', async () => {
    await fuzzParser({ ...header, name: 'npy header, shapes', inputs: headers, seed: 402, runs: fuzzRuns() });
  });

  it('readNpyVector gives finite numbers or DatasetError, and features are read or refused', async () => {
    await fuzzParser({
      name: 'npy, vectors and features',
      inputs: fc.oneof(mutatedBytes(valid), headers),
      parse: async (bytes) => {
        writeFileSync(file, bytes);
        const open = await openNpy(file);
        try {
          const features = npyFeatures(open, open.header.shape[0] ?? 0);
          await features.read(0, new Float32Array(features.rows * features.dimensions));
        } catch (error) {
          if (!(error instanceof DatasetError)) throw error;
        } finally {
          await open.close();
        }
        const values = await readNpyVector(file);
        expect(values.every(Number.isFinite)).toBe(true);
      },
      errors: [DatasetError],
      get place() {
        return file;
      },
      seed: 403,
      runs: fuzzRuns(500),
    });
  });

  it.each([
    ['(4294967296, 512) of f8', "{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 512), }\n"],
    ['nothing times 2^53', "{'descr': '<f8', 'fortran_order': False, 'shape': (0, 9007199254740991), }\n"],
    ['10^400 rows', `{'descr': '<f8', 'fortran_order': False, 'shape': (${'9'.repeat(400)},), }\n`],
  ])('asks for less than 16 MiB where a small file claims %s', async (_, text) => {
    writeFileSync(file, npy(text, 0));
    const counter = new AllocationCounter();
    counter.start();
    try {
      await expect(openNpy(file).then((open) => npyFeatures(open, 3))).rejects.toThrow(DatasetError);
    } finally {
      counter.stop();
    }
    expect(counter.bytes).toBeLessThan(2 ** 24);
  });
});
