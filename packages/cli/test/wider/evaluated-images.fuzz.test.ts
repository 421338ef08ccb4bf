import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { groundTruthFromText, PredictionsBuilder } from '@retinabench/eval-wider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fuzzParser } from '../../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../../tools/fuzz/fuzz-runs.js';
import { mutatedText } from '../../../../tools/fuzz/mutated-text.js';
import { readRecord } from '../../src/record/read.js';
import { selectImages } from '../../src/wider/evaluated-images.js';

let folder: string;
let list: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'cli-fuzz-'));
  list = path.join(folder, 'list.txt');
});
afterAll(() => rmSync(folder, { recursive: true }));

const face = '1 2 30 40 0 0 0 0 0 0';
const groundTruth = groundTruthFromText(
  ['x', 'y', 'z'].map((name) => `a/${name}.jpg\n1\n${face}\n`).join(''),
  'gt.txt',
);

describe('the list of --images under fuzzing', () => {
  it('gives annotated images or DatasetError for mutated lists', async () => {
    await fuzzParser({
      name: 'image list',
      inputs: mutatedText(['a/x\na/y.jpg\n', 'a/x.jpg\r\na/z\r\n\r\n']),
      parse: async (text) => {
        writeFileSync(list, text);
        const source = { location: 'gt.txt', root: folder, notes: [] };
        const chosen = await selectImages(groundTruth, new PredictionsBuilder().build(), source, list);
        for (const name of chosen.images) expect(groundTruth.images).toContain(name);
      },
      errors: [DatasetError],
      get place() {
        return list;
      },
      seed: 703,
      runs: fuzzRuns(500),
    });
  });
});

describe('readRecord', () => {
  it('refuses a file of 3 GiB where it stops being a record, without holding the rest', async () => {
    const file = path.join(folder, 'large.json');
    writeFileSync(file, '{}');
    truncateSync(file, 3 * 2 ** 30);
    const before = process.memoryUsage().rss;
    await expect(readRecord(file)).rejects.toThrow(/large\.json:1: expected the end of the file at/);
    // A record may be of any size and is read in parts; a tenth of this file would be 320 MB.
    expect(process.memoryUsage().rss - before).toBeLessThan(320e6);
  });
});
