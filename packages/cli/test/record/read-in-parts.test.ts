import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { expect, test } from 'vitest';
import { readInParts } from '../../src/record/read.js';

const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'record-')), 'record.json');

test.each<[string, unknown]>([
  [
    'a list longer than a part',
    { kind: 'x', images: Array.from({ length: 60_000 }, (_, at) => ({ at })), ap: { a: [1] } },
  ],
  ['an empty list', { images: [], warnings: ['a'] }],
  ['a list itself', [1, [2]]],
])('%s is read in parts as JSON.parse reads it', (_, value) => {
  writeFileSync(file, JSON.stringify(value));
  expect(readInParts(file)).toEqual(value);
  expect(JSON.stringify(readInParts(file))).toBe(JSON.stringify(value));
});

test('a key that stands twice and a file that ends early are refused by line', () => {
  writeFileSync(file, '{"images":[1],\n"images":[2]}');
  expect(() => readInParts(file)).toThrow(DatasetError);
  expect(() => readInParts(file)).toThrow(`${file}:2: expected each key once`);
  writeFileSync(file, '{"images":[1,\n2');
  expect(() => readInParts(file)).toThrow(`${file}:2: expected more, got the end of the file`);
});
