import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/index.js';

describe('canonicalJson', () => {
  test('orders the keys of every object and leaves arrays as they are', () => {
    expect(canonicalJson({ b: 1, a: { d: [3, { y: 1, x: 2 }, 1], c: 'ä' } })).toBe(
      '{"a":{"c":"ä","d":[3,{"x":2,"y":1},1]},"b":1}',
    );
  });

  test.each([2, 8, 9, 40])('orders %d keys by UTF-16 code units, however many there are', (count) => {
    // Beyond the basic plane a character begins with a surrogate, 0xd83d, and stands before U+FF5A.
    const keys = ['Z', 'a', 'ä', '\u{1f600}', '\uff5a', ...Array.from({ length: 35 }, (_, at) => `\uffa0${at}`)];
    const sorted = [...keys.slice(0, 5), ...keys.slice(5).sort()].slice(0, count);
    const shuffled = Object.fromEntries([...sorted].reverse().map((key) => [key, 1]));
    expect(canonicalJson(shuffled)).toBe(`{${sorted.map((key) => `${JSON.stringify(key)}:1`).join(',')}}`);
  });

  test('leaves undefined properties out', () => {
    expect(canonicalJson({ a: undefined, b: null })).toBe('{"b":null}');
  });

  test('does not depend on the order of insertion and parses back to the value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const backwards = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(backwards)).toBe(canonicalJson(value));
        expect(canonicalJson(JSON.parse(canonicalJson(value)))).toBe(canonicalJson(value));
      }),
      { seed: 9, numRuns: 200 },
    );
  });
});
