import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fuzzParser } from '../../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../../tools/fuzz/fuzz-runs.js';
import { mutatedBytes } from '../../../../tools/fuzz/mutated-bytes.js';
import { mutatedText } from '../../../../tools/fuzz/mutated-text.js';
import { readLabels, readScores } from '../../src/evaluate/score-files.js';
import { readEnrolment } from '../../src/meta/enrolment.js';
import { readImages } from '../../src/meta/images.js';
import { readPairs } from '../../src/meta/pairs.js';
import { readPoints } from '../../src/meta/points.js';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'eval-ijbc-fuzz-'));
  file = path.join(folder, 'list.txt');
});
afterAll(() => rmSync(folder, { recursive: true }));

const point = '1.5 2 3 4 5 6 7 8 9 10 0.99';

/** Each reader with a valid file, and what it must never give. */
const readers: readonly [name: string, valid: string, read: (file: string) => Promise<unknown>][] = [
  ['images', '1.jpg 1 10\n2.jpg 1 10\r\nimg/3.png 2147483647 0\n', readImages],
  ['pairs', '1 2 0\n1 3 1\r\n2147483647 3\t1\n', readPairs],
  [
    'points',
    `1.jpg ${point}\n2.jpg ${point}\n`,
    async (list) => {
      const { points, scores } = await readPoints(list, ['1.jpg', '2.jpg']);
      expect(points.every(Number.isFinite) && scores.every(Number.isFinite)).toBe(true);
    },
  ],
  ['enrolment', 'TEMPLATE_ID,SUBJECT_ID,FILENAME\n1,7,a.jpg\n1,7,b.jpg\n2, 8 ,c.jpg\n', readEnrolment],
  [
    'scores',
    '0.5\n-1e-3\n0.25\r\n',
    async (list) => expect((await readScores(list)).every(Number.isFinite)).toBe(true),
  ],
  ['labels', '0\n1\n1\r\n', readLabels],
  ['labels of pairs', '1 2 0\n1 3 1\n', readLabels],
];

// 4 MiB of buffer a file, whatever its size, and 9 bytes a pair.
const allowedBytes = (bytes: number): number => 2 ** 24 + 64 * bytes;

describe.each(readers)('the reader of %s under fuzzing', (name, valid, read) => {
  it('gives a list or DatasetError with the line for mutated files', async () => {
    const text = mutatedText([valid]).map((content) => new TextEncoder().encode(content));
    await fuzzParser({
      name: `IJB ${name}`,
      inputs: fc.oneof(
        { weight: 2, arbitrary: text },
        { weight: 1, arbitrary: mutatedBytes([new TextEncoder().encode(valid)]) },
      ),
      parse: (bytes) => {
        writeFileSync(file, bytes);
        return read(file);
      },
      errors: [DatasetError],
      get place() {
        return file;
      },
      seed: 404,
      runs: fuzzRuns(250),
      allowedBytes,
    });
  });
});

it('readPoints names the line of a coordinate that float32 does not hold', async () => {
  writeFileSync(file, `1.jpg ${point.replace('1.5', '1e300')}\n`);
  await expect(readPoints(file, ['1.jpg'])).rejects.toThrow(/list\.txt:1: expected an image name, ten coordinates/);
});
