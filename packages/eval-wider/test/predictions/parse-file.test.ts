import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EnvironmentError } from '@retinabench/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PredictionsBuilder } from '../../src/predictions/builder.js';
import { FindingLog } from '../../src/predictions/finding.js';
import { parsePredictionFile } from '../../src/predictions/parse-file.js';
import type { WiderPredictions } from '../../src/predictions/predictions.js';
import { readPredictions } from '../../src/predictions/read-folder.js';
import { rowsOf } from '../synthetic.js';

function parse(text: string, countLine: 'ignored' | 'binding' = 'ignored'): WiderPredictions {
  const builder = new PredictionsBuilder();
  const log = new FindingLog();
  const bytes = new TextEncoder().encode(text);
  parsePredictionFile({ bytes, place: 'p/e/a.txt', event: 'e', stem: 'a' }, { countLine }, builder, log);
  return builder.build(log.findings());
}

const two = 'a\n2\n1 2 3 4 0.9 \n5 6 7 8.5 0.25\n';
const twoRows = {
  'e/a': [
    [1, 2, 3, 4, 0.9],
    [5, 6, 7, 8.5, 0.25],
  ],
};

describe('parsePredictionFile, count ignored', () => {
  it('reads every line, with or without carriage returns, trailing spaces and a last newline', () => {
    for (const text of [two, two.replaceAll('\n', '\r\n'), two.trimEnd()]) {
      expect(rowsOf(parse(text))).toEqual(twoRows);
      expect(parse(text).findings).toEqual([]);
    }
  });

  it('takes the image from line 1: last part of a path, .jpg removed', () => {
    expect(parse(two.replace('a\n', 'some/where/b.jpg\n')).images).toEqual(['e/b']);
    expect(parse(two.replace('a\n', 'b\n')).findings).toEqual([
      { code: 'name', files: 1, first: 'p/e/a.txt:1: the first line names "b"' },
    ]);
  });

  it('notes a count that disagrees and reads all lines all the same', () => {
    const read = parse(two.replace('\n2\n', '\n7\n'));
    expect(rowsOf(read)).toEqual(twoRows);
    expect(read.findings).toEqual([
      { code: 'count', files: 1, first: 'p/e/a.txt:2: the count is 7, and 2 detections follow' },
    ]);
  });

  it('skips blank lines silently and lines that start with a space with a note', () => {
    expect(parse(two.replace('\n5', '\n\n5')).findings).toEqual([]);
    const read = parse(two.replace('\n5', '\n 5'));
    expect(rowsOf(read)).toEqual({ 'e/a': [[1, 2, 3, 4, 0.9]] });
    expect(read.findings?.map(({ code }) => code)).toEqual(['skipped-line', 'count']);
  });

  it('notes numbers that are not finite', () => {
    expect(parse(two.replace('0.25', 'nan')).findings).toEqual([
      { code: 'not-finite', files: 1, first: 'p/e/a.txt:4: x y w h score is 5 6 7 8.5 NaN' },
    ]);
  });

  it('has no detections where nothing follows the name or the count', () => {
    expect(rowsOf(parse('a\n0\n'))).toEqual({ 'e/a': [] });
    expect(rowsOf(parse('a'))).toEqual({ 'e/a': [] });
  });

  it('names file and line of a line that is not five numbers between single spaces', () => {
    for (const bad of ['5 6 7 8', '5  6 7 8 0.2', '5\t6\t7\t8\t0.2', '5 6 7 8 high', '5,6,7,8,0.2']) {
      expect(() => parse(two.replace('5 6 7 8.5 0.25', bad))).toThrow(/^p\/e\/a\.txt:4: expected "x y w h score"/);
    }
    expect(() => parse('')).toThrow(/^p\/e\/a\.txt:1: .*got an empty file/);
  });
});

describe('parsePredictionFile, count binding', () => {
  it('reads exactly the lines announced', () => {
    expect(rowsOf(parse(two, 'binding'))).toEqual(twoRows);
    const one = parse(two.replace('\n2\n', '\n1\n'), 'binding');
    expect(rowsOf(one)).toEqual({ 'e/a': [[1, 2, 3, 4, 0.9]] });
    expect(one.findings?.[0].first).toBe('p/e/a.txt:4: 1 detections are announced and more follow, which do not count');
  });

  it('gives the image no detections if a line is missing, blank or unreadable, or the count is no number', () => {
    for (const text of [
      two.replace('\n2\n', '\n3\n'),
      two.replace('\n5', '\n\n5'),
      two.replace('0.25', 'x'),
      two.replace('\n2\n', '\ntwo\n'),
      'a',
      '',
    ]) {
      const read = parse(text, 'binding');
      expect(rowsOf(read)).toEqual({ 'e/a': [] });
      expect(read.findings?.map(({ code }) => code)).toContain('emptied');
    }
  });

  it('takes the image from the file name and any white space or commas between numbers', () => {
    const read = parse('other\n1\n  1,2\t3   4 0.9\n', 'binding');
    expect(rowsOf(read)).toEqual({ 'e/a': [[1, 2, 3, 4, 0.9]] });
  });
});

describe('readPredictions', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('reads <event>/<image>.txt, leaves other files alone and reports progress', () => {
    for (const event of ['0--A', '1--B']) {
      mkdirSync(path.join(folder, event));
      writeFileSync(path.join(folder, event, 'a.txt'), two);
      writeFileSync(path.join(folder, event, 'notes.md'), '#');
      writeFileSync(path.join(folder, event, '._a.txt'), 'hidden');
    }
    writeFileSync(path.join(folder, 'run.log'), 'x');
    symlinkSync(path.join(folder, 'run.log'), path.join(folder, 'latest.log'));
    const progress: number[][] = [];
    const read = readPredictions(folder, { countLine: 'ignored' }, (done, total) => progress.push([done, total]));
    expect(read.images).toEqual(['0--A/a', '1--B/a']);
    expect([...read.start]).toEqual([0, 2, 4]);
    expect(progress).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });

  it('says that a folder is absent, or has no event folders', () => {
    expect(() => readPredictions(path.join(folder, 'absent'), { countLine: 'ignored' })).toThrow(EnvironmentError);
    expect(() => readPredictions(path.join(folder, '0--A'), { countLine: 'ignored' })).toThrow(
      /expected prediction files <event>\/<image>\.txt, got none/,
    );
  });
});
