import { csvRow, DatasetError } from '@retinabench/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRows } from '../../src/delimited/read-rows.js';
import { bytesSource } from '../../src/source/open-source.js';

function read(text: string, part = 1e9): (readonly [number, ...string[]])[] {
  const whole = bytesSource(new TextEncoder().encode(text), 'a.csv');
  const rows: (readonly [number, ...string[]])[] = [];
  const source = {
    ...whole,
    sizeBytes: 0,
    read: (into: Uint8Array, at: number) => whole.read(into.subarray(0, at + part), at),
  };
  readRows(source, ',', (fields, line) => {
    rows.push([line, ...fields]);
  });
  return rows;
}

test('rows that are written are read, in parts of any length', () => {
  const field = fc.oneof(
    fc.constantFrom('', 'a', 'b c', '"', 'x,y', 'l\nm', 'é', ' z '),
    fc.string({ unit: 'grapheme' }),
  );
  const row = fc.array(field, { minLength: 2, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 6 }), fc.integer({ min: 1, max: 50 }), (rows, part) => {
      // A carriage return in a field is brought to a line feed where the rows end with both.
      const plain = rows.map((fields) => fields.map((text) => text.replaceAll('\r', '')));
      expect(read(plain.map(csvRow).join(''), part).map(([, ...fields]) => fields)).toEqual(plain);
    }),
    { seed: 5, numRuns: 500 },
  );
});

test('rows say the line that they begin in, also behind fields of several lines', () => {
  expect(read('a,b\n"1\n2",3\n\n4,5\n')).toEqual([
    [1, 'a', 'b'],
    [2, '1\n2', '3'],
    [5, '4', '5'],
  ]);
});

test('lines of parts that are read one after another are counted on', () => {
  const rows = read(Array.from({ length: 50_000 }, (_, index) => `row ${index + 1},x\n`).join(''));
  expect(rows.every(([line, name]) => name === `row ${line}`)).toBe(true);
  expect(rows.length).toBe(50_000);
});

test.each([
  ['a,b\n"c,d\n', /^a\.csv:2: .*quoted/],
  ['a,"b"c\n', /^a\.csv:1: .*quoted/],
])('%j is refused by its line', (text, message) => {
  expect(() => read(text)).toThrow(DatasetError);
  expect(() => read(text)).toThrow(message);
});
