import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { AppendLog } from '../src/append-log.js';
import type { SnapshotSource } from '../src/log-snapshot.js';

/** Numbers of a log, and what of them came from lines and what from a snapshot. */
interface Opened {
  readonly numbers: number[];
  parsed: number;
  restored: number;
}

const newFolder = (): string => mkdtempSync(path.join(os.tmpdir(), 'snapshot-'));
const logOf = (folder: string): string => path.join(folder, 'log.jsonl');
const snapshotOf = (folder: string): string => path.join(folder, 'log.snapshot');

/** Open a log of numbers that a snapshot may hold, append some, and close it. */
function open(folder: string, more: readonly number[] = [], form = 'numbers'): Opened {
  const opened: Opened = { numbers: [], parsed: 0, restored: 0 };
  const snapshot: SnapshotSource = {
    file: snapshotOf(folder),
    form,
    restore: ([part]) => {
      for (const number of new Float64Array(part.buffer, part.byteOffset, part.length / 8)) opened.numbers.push(number);
      opened.restored = opened.numbers.length;
      return true;
    },
    parts: () => [new Uint8Array(Float64Array.from(opened.numbers).buffer)],
  };
  const parse = (value: unknown, place: string): number => {
    if (typeof value !== 'number') throw new DatasetError(`${place}: expected a number`);
    opened.parsed++;
    return value;
  };
  const take = (value: number): unknown => opened.numbers.push(value);
  const log = AppendLog.open(logOf(folder), parse, undefined, take, snapshot);
  for (const number of more) {
    log.append(number);
    take(number);
  }
  log.close();
  return opened;
}

/** 150,000 numbers of seven digits a line: 1.2 MB, of which a snapshot is made. */
const many = Array.from({ length: 150_000 }, (_, index) => 1_000_000 + index);

let made: string;
beforeAll(() => {
  made = newFolder();
  open(made, many);
});

/** A log of them with its snapshot. */
function newLog(): string {
  const folder = newFolder();
  for (const fileOf of [logOf, snapshotOf]) copyFileSync(fileOf(made), fileOf(folder));
  return folder;
}

describe('the snapshot of a log', () => {
  test('takes the place of its lines, and the lines after it are parsed', () => {
    const folder = newLog();
    expect(open(folder, [7])).toEqual({ numbers: [...many, 7], parsed: 0, restored: many.length });
    expect(open(folder)).toEqual({ numbers: [...many, 7], parsed: 1, restored: many.length });
  });

  test('is written again once enough was appended', () => {
    const folder = newLog();
    open(folder, many);
    expect(open(folder)).toEqual({ numbers: [...many, ...many], parsed: 0, restored: 2 * many.length });
  });

  test('of a short log is not worth a file', () => {
    const folder = newFolder();
    open(folder, [1, 2]);
    expect(existsSync(snapshotOf(folder))).toBe(false);
  });

  test('counts for nothing where any byte of its lines is another, and a damaged line is named as without it', () => {
    const folder = newLog();
    const log = readFileSync(logOf(folder), 'utf8');
    writeFileSync(logOf(folder), `2${log.slice(1)}`);
    expect(open(folder)).toEqual({ numbers: [2_000_000, ...many.slice(1)], parsed: many.length, restored: 0 });
    const changed = newLog();
    writeFileSync(logOf(changed), log.replace('\n1000002\n', '\n"1002"\n'));
    expect(() => open(changed)).toThrow(`${logOf(changed)}:3: expected a number`);
  });

  test('counts for nothing where the log was cut, within a line and between two', () => {
    for (const cut of [3, 8]) {
      const folder = newLog();
      truncateSync(logOf(folder), 8 * many.length - cut);
      expect(open(folder)).toEqual({ numbers: many.slice(0, -1), parsed: many.length - 1, restored: 0 });
    }
  });

  test('a line that a kill tore behind it is cut off', () => {
    const folder = newLog();
    appendFileSync(logOf(folder), '12');
    expect(open(folder)).toEqual({ numbers: many, parsed: 0, restored: many.length });
    expect(readFileSync(logOf(folder)).length).toBe(8 * many.length);
  });

  test('the place of a line behind it counts the lines before', () => {
    const folder = newLog();
    appendFileSync(logOf(folder), 'true\n');
    expect(() => open(folder)).toThrow(`${logOf(folder)}:${many.length + 1}: expected a number`);
  });

  test('counts for nothing where it is cut, or any byte of it is another', () => {
    const written = readFileSync(snapshotOf(newLog()));
    const damaged = [
      Buffer.alloc(0),
      written.subarray(0, 2),
      written.subarray(0, written.length - 1),
      Buffer.concat([written, Buffer.from([0])]),
    ];
    for (const at of [0, 1, 3, 4, 30, 60, 100, 150, 200, 300, 5000, written.length - 1]) {
      const copy = Buffer.from(written);
      copy[at] ^= 1;
      damaged.push(copy);
    }
    for (const bytes of damaged) {
      const folder = newLog();
      writeFileSync(snapshotOf(folder), bytes);
      expect(open(folder).numbers).toEqual(many);
      expect(open(folder).restored).toBe(many.length);
    }
  });

  test('counts for nothing under another form', () => {
    const folder = newLog();
    expect(open(folder, [], 'letters').restored).toBe(0);
  });
});
