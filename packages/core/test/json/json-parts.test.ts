import { describe, expect, test } from 'vitest';
import { canonicalJson, canonicalJsonParts, jsonParts, seededRandom } from '../../src/index.js';

const random = seededRandom(21);

/** Plain data of every kind, nested, with gaps and lists longer than one part. */
function made(depth: number): unknown {
  const kind = Math.floor(random() * (depth > 7 ? 5 : 8));
  const list = (): unknown[] => Array.from({ length: Math.floor(4 * random()) }, () => made(depth + 1));
  const object = (): unknown => Object.fromEntries(list().map((value, index) => [`k${9 - index}"é`, value]));
  if (kind === 5) return list();
  if (kind === 6) return object();
  if (kind === 7) return Array.from({ length: 2500 }, (_, index) => ({ b: index, a: [index, 'x'] }));
  return [1.5e-7, 'a"\n\u2028\ud83d\ude00\ud800', true, null, undefined][kind];
}

describe('jsonParts', () => {
  test('joined are the text of JSON.stringify, and canonical ones that of canonicalJson', () => {
    for (let round = 0; round < 300; round++) {
      const value = { a: made(0), z: made(1), m: made(2), f: () => 1, date: new Date(1e12) };
      expect([...jsonParts(value)].join('')).toBe(JSON.stringify(value));
    }
    for (let round = 0; round < 100; round++) {
      const value = { z: made(1), a: made(0) };
      expect([...canonicalJsonParts(value)].join('')).toBe(canonicalJson(value));
    }
    expect([...jsonParts([])]).toEqual(['[', ']']);
    expect([...jsonParts({})].join('')).toBe('{}');
    expect([...jsonParts(undefined)]).toEqual([]);
  });

  test('cuts long lists, so that no part is long', () => {
    const parts = [...jsonParts({ images: Array.from({ length: 50_000 }, (_, image) => ({ image })) })];
    expect(parts.every((part) => part.length < 20_000)).toBe(true);
  });
});
