import { DatasetError } from '@retinabench/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readJsonElements } from '../../src/source/json-elements.js';
import { type ByteSource, bytesSource } from '../../src/source/open-source.js';

/** A source that gives its bytes in parts of one length. */
function inParts(text: string, part: number): ByteSource {
  const whole = bytesSource(new TextEncoder().encode(text), 'a.json');
  return { ...whole, sizeBytes: 0, read: (into, offset) => whole.read(into.subarray(0, offset + part), offset) };
}

function collect(text: string, part = 1e6): unknown {
  const lists = new Map<string | undefined, unknown[]>();
  const members: Record<string, unknown> = {};
  const kind = readJsonElements(inParts(text, part), {
    elements: (key, values, first) => {
      const list = lists.get(key) ?? [];
      expect(first).toBe(list.length);
      lists.set(key, [...list, ...values]);
    },
    member: (key, value) => {
      Object.defineProperty(members, key, { value, enumerable: true, configurable: true, writable: true });
    },
  });
  if (kind === 'array') return lists.get(undefined);
  for (const [key, list] of lists) {
    Object.defineProperty(members, String(key), { value: list, enumerable: true, configurable: true, writable: true });
  }
  return members;
}

test('a file read in parts of any length is what JSON.parse makes of it', () => {
  const document = fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()));
  fc.assert(
    fc.property(document, fc.integer({ min: 1, max: 9 }), fc.boolean(), (value, part, indented) => {
      const text = JSON.stringify(value, null, indented ? 2 : 0);
      expect(collect(text, part)).toEqual(JSON.parse(text));
    }),
    { seed: 17, numRuns: 500 },
  );
});

test('lists longer than a batch come in several', () => {
  const values = Array.from({ length: 50_000 }, (_, index) => ({
    id: index,
    text: 'a "quoted" \\ text, [with] {signs}',
  }));
  let batches = 0;
  const found: unknown[] = [];
  readJsonElements(inParts(JSON.stringify({ values }), 65_536), {
    elements: (_, part) => {
      batches++;
      found.push(...part);
    },
    member: () => undefined,
  });
  expect(batches).toBeGreaterThan(5);
  expect(found).toEqual(values);
});

test.each([
  ['[1,]', 1],
  ['[,1]', 1],
  ['[1 2]', 1],
  ['[1', 1],
  ['{"a":1', 1],
  ['{"a":}', 1],
  ['{"a":1,}', 1],
  ['{a:1}', 1],
  ['{"a":1}\n{"a":2}', 2],
  ['[\n1,\n"open', 3],
  ['[\n{"a":1,\n"a":2}]', 3],
  ['{"a":1,\n\n"a":2}', 3],
  ['nonsense', 1],
  ['"text"', 1],
  ['', 1],
])('%j is refused with file and line', (text, line) => {
  for (const part of [1, 1000]) {
    expect(() => collect(text, part)).toThrow(DatasetError);
    expect(() => collect(text, part)).toThrow(new RegExp(`^a\\.json:${line}: `));
  }
});

test('nesting without end is refused', () => {
  expect(() => collect('['.repeat(1_000_000))).toThrow(/at most 100 levels/);
});
