import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { fuzzParser } from '../../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../../tools/fuzz/fuzz-runs.js';
import { mutatedBytes } from '../../../../tools/fuzz/mutated-bytes.js';
import { readFoldPairs } from '../../src/folds/read-fold-pairs.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'folds-fuzz-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Two images of two bytes and one pair, as Python 2, by protocol 2 of Python 3, and by protocol 4. */
const pickles = [
  '\x80\x02](U\x02abq\x00U\x02cdq\x01e](\x88e\x86.',
  '\x80\x02](c_codecs\nencode\nq\x00X\x02\x00\x00\x00abX\x06\x00\x00\x00latin1q\x01\x86Rh\x00X\x02\x00\x00\x00cdh\x01\x86Re](\x89e\x86.',
  '\x80\x04\x95\x00\x00\x00\x00\x00\x00\x00\x00](C\x02ab\x94C\x02cd\x94e](\x88e\x86\x94.',
].map(bytesOf);

describe.each([
  ['.bin', pickles],
  ['.txt', [bytesOf('2\t1\nA\t1\t2\nA\t1\tB\t1\nC\t1\t2\nC\t1\tB\t1\n')]],
  ['.csv', [bytesOf('fold,a,b,same\n0,0,1,1\n0,0,2,0\n1,4,5,1\n1,4,6,0\n')]],
] as const)('readFoldPairs of %s under fuzzing', (suffix, valid) => {
  it('gives pairs or DatasetError with the file for mutated files', async () => {
    const file = path.join(folder, `pairs${suffix}`);
    for (const bytes of valid) {
      writeFileSync(file, bytes);
      await readFoldPairs(file);
    }
    await fuzzParser({
      name: `folds ${suffix}`,
      inputs: mutatedBytes([...valid]),
      parse: (bytes) => {
        writeFileSync(file, bytes);
        return readFoldPairs(file);
      },
      errors: [DatasetError],
      place: file,
      seed: 404,
      runs: fuzzRuns(250),
      allowedBytes: (bytes) => 2 ** 24 + 64 * bytes,
    });
  });
});
