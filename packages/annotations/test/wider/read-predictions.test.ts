import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readWiderPredictions } from '../../src/wider/read-predictions.js';

const points = '1 2 3 4 5 6 7 8 9 10';
const whole = `b\n1\n10 10 50 50 0.98 ${points}`;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'predictions-'));
  writeFileSync(path.join(folder, 'a.txt'), `a\n1\n10 10 50 50 0.98 ${points}\n`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function read(text: string): number {
  writeFileSync(path.join(folder, 'b.txt'), text);
  return readWiderPredictions(folder, { flag: (name) => `--${name}` } as Parameters<typeof readWiderPredictions>[1])
    .scores[1];
}

test('a file need not end with a line break', () => {
  expect(read(whole)).toBe(0.98);
});

test('a file that was cut within the score of its only line is refused: other files have points', () => {
  const cut = whole.slice(0, whole.indexOf('8 1 2'));
  expect(cut).toBe('b\n1\n10 10 50 50 0.9');
  expect(() => read(cut)).toThrow(/b\.txt:3: the last line .* 5 fields where a line before has 15/);
});

test('a line without points is none that was cut, if it is ended', () => {
  expect(read('b\n1\n10 10 50 50 0.9\n')).toBe(0.9);
});
