import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { fuzzParser } from '../../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../../tools/fuzz/fuzz-runs.js';
import { mutatedText } from '../../../../tools/fuzz/mutated-text.js';
import { readGroups } from '../../src/groups/read-groups.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'groups-fuzz-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('tables of groups under fuzzing', () => {
  it('give columns of their rows, or DatasetError with the file', async () => {
    const file = path.join(folder, 'g.csv');
    await fuzzParser({
      name: 'groups of templates',
      inputs: mutatedText(['TEMPLATE_ID,gender\n1,f\n2,m\n', 'gender,FILENAME,tone\nf,a/b.jpg,3\nm,c.jpg,\n']),
      parse: async (text) => {
        writeFileSync(file, text);
        return readGroups(file);
      },
      errors: [DatasetError],
      get place() {
        return file;
      },
      seed: 1802,
      runs: fuzzRuns(250),
      // The reader of lines takes pieces of 4 MiB whatever the size of the file.
      allowedBytes: (bytes) => 2 ** 23 + 64 * bytes,
    });
  });
});
