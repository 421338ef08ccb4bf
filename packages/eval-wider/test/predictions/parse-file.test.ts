import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EnvironmentError } from '@retinabench/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PredictionsBuilder } from '../../src/predictions/builder.js';
import { FindingLog } from '../../src/predictions/finding.js';
import { parsePredictionFile, type ReadingRules } from '../../src/predictions/parse-file.js';
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

  it('takes what can mean one thing only: tabs, several spaces, commas throughout', () => {
    for (const same of ['5  6 7 8.5   0.25', '5\t6\t7\t8.5\t0.25', '5,6,7,8.5,0.25', '5, 6, 7, 8.5, 0.25']) {
      expect(rowsOf(parse(two.replace('5 6 7 8.5 0.25', same)))).toEqual(twoRows);
    }
  });

  it('names file and line of a line that is not five numbers', () => {
    // The last has decimal commas: read as separators they would be 5 5 6 7 8.
    for (const bad of [
      '5 6 7 8',
      '5;6;7;8;0.2',
      '5 6 7 8 high',
      '5,5 6 7 8 0,2',
      '5,,6,7,8,0.2',
      '5,5 6,5 7,5 8,5 0,2',
    ]) {
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

describe('parsePredictionFile, files that lack lines or have others', () => {
  const read = (text: string, rules: Partial<ReadingRules> = {}): WiderPredictions => {
    const builder = new PredictionsBuilder();
    const log = new FindingLog();
    const file = { bytes: new TextEncoder().encode(text), place: 'p/e/a.txt', event: 'e', stem: 'a' };
    parsePredictionFile(file, { countLine: 'ignored', ...rules }, builder, log);
    return builder.build(log.findings());
  };
  const lines = '1 2 3 4 0.9\n5 6 7 8.5 0.25\n';

  it.each([
    [lines, 'none', 'no-header'],
    [`a\n${lines}`, 'name', 'no-count'],
    [`2\n${lines}`, 'count', 'no-name'],
  ] as const)('notes what %j lacks, and reads it by its header without a note', (text, header, code) => {
    expect(rowsOf(read(text))).toEqual(twoRows);
    expect(read(text).findings?.map((finding) => finding.code)).toEqual([code]);
    expect(rowsOf(read(text, { header }))).toEqual(twoRows);
    expect(read(text, { header }).findings).toEqual([]);
  });

  it('takes a number on line 1 for the name of a file that is named so', () => {
    const builder = new PredictionsBuilder();
    const log = new FindingLog();
    const bytes = new TextEncoder().encode('12\n1\n1 2 3 4 0.9\n');
    const file = { bytes, place: 'p/e/12.txt', event: 'e', stem: '12' };
    parsePredictionFile(file, { countLine: 'ignored' }, builder, log);
    expect(builder.build(log.findings())).toMatchObject({ images: ['e/12'], findings: [] });
  });

  it('tells a file that ends early from a count that is wrong', () => {
    expect(read('a\n3\n1 2 3 4 0.9\n5 6 7 8.5 0.2').findings?.map(({ code }) => code)).toEqual(['truncated']);
    expect(read('a\n3\n1 2 3 4 0.9\n5 6 7 8.5 0.2\n').findings?.map(({ code }) => code)).toEqual(['count']);
  });

  it('takes box and score from the columns that are named, whatever else stands in the line', () => {
    const columns = [3, 4, 5, 6, 1] as const;
    expect(rowsOf(read('a\n2\nface 0.9 - 1 2 3 4\nface 0.25 - 5 6 7 8.5\n', { columns }))).toEqual(twoRows);
  });

  it('leaves out a byte order mark, refuses UTF-16 and Git LFS pointers by name', () => {
    expect(read(`\ufeff${two}`)).toMatchObject({ images: ['e/a'], findings: [] });
    const parseBytes = (bytes: Uint8Array): void =>
      parsePredictionFile(
        { bytes, place: 'p/e/a.txt', event: 'e', stem: 'a' },
        { countLine: 'ignored' },
        new PredictionsBuilder(),
        new FindingLog(),
      );
    expect(() => parseBytes(new Uint8Array([0xff, 0xfe, 0x61, 0, 0x0a, 0]))).toThrow(/UTF-16/);
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n';
    expect(() => parseBytes(new TextEncoder().encode(pointer))).toThrow(/Git LFS pointer/);
  });

  it('takes composed and decomposed letters for the same name', () => {
    // U+00E9 and e + U+0301 are one letter in two forms (Unicode Standard Annex 15).
    expect(read('caf\u0065\u0301\n1\n1 2 3 4 0.9\n').images).toEqual(['e/caf\u00e9']);
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

  it('finds the events of files in one folder by the annotated images, and says so', () => {
    const flat = path.join(folder, 'flat');
    mkdirSync(path.join(flat, '.ipynb_checkpoints'), { recursive: true });
    writeFileSync(path.join(flat, 'a.txt'), two);
    writeFileSync(path.join(flat, '.ipynb_checkpoints', 'a-checkpoint.txt'), two);
    const rules = { countLine: 'ignored' } as const;
    const read = readPredictions(flat, { ...rules, annotated: ['3--C/a', '3--C/b'] });
    expect(read.images).toEqual(['3--C/a']);
    expect(read.findings?.map(({ code }) => code)).toEqual(['flat']);
    expect(() => readPredictions(flat, { ...rules, annotated: ['3--C/a', '4--D/a'] })).toThrow(/2 annotated images/);
    expect(() => readPredictions(flat, { ...rules, annotated: ['3--C/b'] })).toThrow(/no annotated image/);
  });

  it.skipIf(process.platform === 'win32')('refuses a pipe by its name instead of waiting for it', () => {
    const piped = path.join(folder, 'piped', 'e');
    mkdirSync(piped, { recursive: true });
    execFileSync('mkfifo', [path.join(piped, 'a.txt')]);
    expect(() => readPredictions(path.dirname(piped), { countLine: 'ignored' })).toThrow(/a\.txt: .*regular file/);
  });

  it('says that a folder is absent, or has no event folders', () => {
    expect(() => readPredictions(path.join(folder, 'absent'), { countLine: 'ignored' })).toThrow(EnvironmentError);
    expect(() => readPredictions(path.join(folder, '0--A'), { countLine: 'ignored' })).toThrow(
      /expected prediction files <event>\/<image>\.txt, got none/,
    );
  });
});
