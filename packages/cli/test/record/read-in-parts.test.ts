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
  [
    'a list longer than a part within objects',
    {
      detection: { images: { names: Array.from({ length: 90_000 }, (_, at) => `image ${at}`), none: [] }, ap: 1 },
      b: {},
    },
  ],
  ['a key that objects have of themselves', JSON.parse('{"a":{"__proto__":{"b":[1]},"2":0,"1":[]}}')],
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
  writeFileSync(file, '{"detection":{"a":[1],"b":2,\n\n"a":3}}');
  expect(() => readInParts(file)).toThrow(`${file}:3: expected each key once`);
  writeFileSync(file, '{"images":[1,\n2');
  expect(() => readInParts(file)).toThrow(`${file}:2: expected more, got the end of the file`);
});

test('objects nested deeper than 100 levels are refused, as they are in one part', () => {
  writeFileSync(file, `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`);
  expect(JSON.stringify(readInParts(file))).toBe(`${'{"a":'.repeat(100)}1${'}'.repeat(100)}`);
  writeFileSync(file, `${'{"a":'.repeat(101)}1${'}'.repeat(101)}`);
  expect(() => readInParts(file)).toThrow('expected at most 100 levels of nesting');
});
