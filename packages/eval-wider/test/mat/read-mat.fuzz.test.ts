import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { DatasetError } from '@retinabench/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AllocationCounter } from '../../../../tools/fuzz/allocation-counter.js';
import { fuzzParser } from '../../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../../tools/fuzz/fuzz-runs.js';
import { mutatedBytes } from '../../../../tools/fuzz/mutated-bytes.js';
import { readMat } from '../../src/mat/read-mat.js';
import { element, matHeader, matrix, writeMat } from '../mat-writer.js';
import { shared, sharedIsAbsent } from '../shared-data.js';

const place = 'x.mat';
const read = (bytes: Uint8Array): unknown => readMat(bytes, place);
const target = { parse: read, errors: [DatasetError], place } as const;

const variables = {
  events: { cells: [{ text: '0--Parade' }, { text: 'a' }] },
  boxes: { cells: [{ numbers: [1, 2, 3, 4, -5, 6, 7, 8], columns: 4, type: 'int32' as const }] },
  none: { numbers: [], columns: 1, type: 'uint8' as const },
};
const plain = writeMat(variables, false);

/** The elements of a file, packed into one compressed element. */
function compressed(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([matHeader(), element(15, deflateSync(bytes.subarray(128), { level: 1 }), false)]);
}

/** Matrices of any class, dimensions, name and data, in cells within cells. */
const anyMatrix = fc.letrec<{ matrix: Buffer }>((tie) => ({
  matrix: fc
    .tuple(
      fc.oneof(fc.constantFrom(1, 1, 4, 6, 9, 12), fc.nat(20)),
      fc.array(fc.constantFrom(0, 1, 1, 1, 2, 3, -1, 0x7fff_ffff, -0x8000_0000), { minLength: 1, maxLength: 4 }),
      fc.string({ maxLength: 9 }),
      fc.array(
        fc.oneof(
          { depthSize: 'small' },
          fc
            .tuple(fc.nat(20), fc.uint8Array({ maxLength: 24 }))
            .map(([type, data]) => element(type, Buffer.from(data))),
          tie('matrix'),
        ),
        { maxLength: 3 },
      ),
    )
    .map(([matlabClass, dimensions, name, data]) => matrix(matlabClass, dimensions, name, data)),
})).matrix;

describe('readMat under fuzzing', () => {
  it('gives variables or DatasetError for mutated files, compressed and not', async () => {
    const inputs = fc.oneof(
      mutatedBytes([writeMat(variables), plain]),
      mutatedBytes([plain]),
      mutatedBytes([plain]).map(compressed),
    );
    await fuzzParser({ ...target, name: 'MAT, bytes', inputs, seed: 201, runs: fuzzRuns() });
  });

  it('gives variables or DatasetError for matrices of any class, dimensions and data', async () => {
    const file = fc
      .array(anyMatrix, { minLength: 1, maxLength: 2 })
      .map((parts) => Buffer.concat([matHeader(), ...parts]));
    const inputs = fc.oneof(file, file.map(compressed));
    await fuzzParser({ ...target, name: 'MAT, matrices', inputs, seed: 202, runs: fuzzRuns() });
  });

  it.skipIf(sharedIsAbsent)(
    'gives variables or DatasetError for mutations of WIDER FACE (needs the shared data folder)',
    async () => {
      const real = ['wider_easy_val.mat', 'wider_face_val.mat'].map((name) =>
        readFileSync(shared('datasets', 'wider', 'ground_truth', name)),
      );
      await fuzzParser({
        ...target,
        name: 'MAT, real files',
        inputs: mutatedBytes(real),
        seed: 203,
        runs: fuzzRuns(50),
      });
    },
  );

  it.each([
    ['a 2^31 x 2^31 cell array', matrix(1, [0x7fff_ffff, 0x7fff_ffff], 'a', [])],
    ['2^31 numbers', matrix(6, [0x7fff_ffff, 1], 'a', [element(9, Buffer.alloc(8))])],
    ['2^31 characters', matrix(4, [1, 0x7fff_ffff], 'a', [element(17, Buffer.alloc(8))])],
    ['an element of 2^32 - 1 bytes', Buffer.concat([Buffer.from([14, 0, 0, 0, 255, 255, 255, 255]), Buffer.alloc(8)])],
    ['8 dimensions of 2^31', matrix(1, Array(8).fill(0x7fff_ffff), 'a', [])],
  ])('asks for less than 64 KiB where 200 bytes claim %s', (_, data) => {
    for (const bytes of [Buffer.concat([matHeader(), data]), compressed(Buffer.concat([matHeader(), data]))]) {
      const counter = new AllocationCounter();
      counter.start();
      try {
        expect(() => readMat(bytes, place)).toThrow(DatasetError);
      } finally {
        counter.stop();
      }
      expect(counter.bytes).toBeLessThan(65_536);
    }
  });
});
