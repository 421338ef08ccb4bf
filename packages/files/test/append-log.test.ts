import { appendFileSync, mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatasetError, EnvironmentError } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { AppendLog } from '../src/append-log.js';

const newFile = (): string => path.join(mkdtempSync(path.join(os.tmpdir(), 'log-')), 'log.jsonl');

function asNumber(value: unknown, place: string): number {
  if (typeof value !== 'number') throw new DatasetError(`${place}: expected a number`);
  return value;
}

describe('AppendLog', () => {
  test('gives back what was appended, run after run', () => {
    const file = newFile();
    for (const [expected, next] of [
      [[], 1],
      [[1], 2],
      [[1, 2], 3],
    ] as const) {
      const log = AppendLog.open(file, asNumber);
      expect(log.entries).toEqual(expected);
      log.append(next);
      log.close();
    }
  });

  test('cuts off a line that was torn at any byte', () => {
    const whole = '1\n22\n333\n';
    for (let length = 0; length < whole.length; length++) {
      const file = newFile();
      writeFileSync(file, whole);
      truncateSync(file, length);
      const log = AppendLog.open(file, asNumber);
      const intact = whole.slice(0, whole.lastIndexOf('\n', length - 1) + (length > 0 ? 1 : 0));
      expect(log.entries.length, `cut at ${length}`).toBe(length >= 9 ? 3 : length >= 5 ? 2 : length >= 2 ? 1 : 0);
      log.append(4);
      log.close();
      expect(readFileSync(file, 'utf8').endsWith('4\n')).toBe(true);
      expect(readFileSync(file, 'utf8').startsWith(length >= 2 ? intact.slice(0, 2) : '4')).toBe(true);
    }
  });

  test('reads lines that lie across the pieces in which it is read, and lines longer than one', () => {
    const file = newFile();
    // Read 8 MiB at a time: the second line ends in the second piece, the third fills three more.
    const entries = [3, 6, 24, 1, 9].map((mebibytes) => 'ä'.repeat(mebibytes * 2 ** 19));
    writeFileSync(file, `${entries.map((entry) => JSON.stringify(entry)).join('\n')}\n"torn`);
    const log = AppendLog.open(file, (value) => value as string);
    expect(log.entries.map((entry) => entry.length)).toEqual(entries.map((entry) => entry.length));
    expect(log.entries.every((entry, index) => entry === entries[index])).toBe(true);
    log.append('next');
    log.close();
    const again = AppendLog.open(file, (value) => value as string);
    expect(again.entries.at(-1)).toBe('next');
    again.close();
  });

  test('names file and line of an entry in the middle that is damaged', () => {
    const file = newFile();
    writeFileSync(file, '1\n{"torn\n3\n');
    expect(() => AppendLog.open(file, asNumber)).toThrow(DatasetError);
    expect(() => AppendLog.open(file, asNumber)).toThrow(`${file}:2: expected one JSON value`);
    writeFileSync(file, '1\n2\n');
    appendFileSync(file, '"three"\n');
    expect(() => AppendLog.open(file, asNumber)).toThrow(`${file}:3: expected a number`);
  });

  test('says where it cannot write', () => {
    const file = path.join(newFile(), 'no', 'such', 'folder.jsonl');
    expect(() => AppendLog.open(file, asNumber)).toThrow(EnvironmentError);
  });
});
