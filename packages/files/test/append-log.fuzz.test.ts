import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fuzzParser } from '../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../tools/fuzz/fuzz-runs.js';
import { mutatedBytes } from '../../../tools/fuzz/mutated-bytes.js';
import { AppendLog } from '../src/append-log.js';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'log-fuzz-'));
  file = path.join(folder, 'log.jsonl');
});
afterAll(() => rmSync(folder, { recursive: true }));

function asNumber(value: unknown, place: string): number {
  if (typeof value !== 'number') throw new DatasetError(`${place}: expected a number`);
  return value;
}

describe('AppendLog under fuzzing', () => {
  test('gives the entries before a torn line, to which it appends, or DatasetError', async () => {
    await fuzzParser({
      name: 'append log',
      inputs: mutatedBytes([Buffer.from('1\n22\n"x"\n'), Buffer.from('1\n2\n3'), Buffer.from('')]),
      parse: (bytes) => {
        writeFileSync(file, bytes);
        const log = AppendLog.open(file, asNumber);
        log.append(7);
        log.close();
        const again = readFileSync(file, 'utf8').trim().split('\n').map(Number);
        expect(again).toEqual([...log.entries, 7]);
      },
      errors: [DatasetError],
      get place() {
        return file;
      },
      seed: 504,
      runs: fuzzRuns(300),
    });
  });
});
