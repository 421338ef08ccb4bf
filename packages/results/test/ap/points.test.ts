import { DatasetError, ShapeError } from '@retinabench/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePointsInto, encodePoints } from '../../src/ap/points.js';

function decodePoints(text: string, place: string): Int32Array {
  const values = new Int32Array(text.length);
  return values.subarray(
    0,
    decodePointsInto(text, values, 0, () => place),
  );
}

describe('encodePoints and decodePoints', () => {
  it('write numbers below 32 as one digit and larger ones least significant group first', () => {
    // 0 = A, 1 = B, 31 = f; 32 = (0 | more) (1) = g B; 1000 = 8 + 31 * 32 = (8 | more) (31) = o f.
    expect(encodePoints([0, 1, 31, 32, 1000, 0])).toBe('ABfgBofA');
    expect([...decodePoints('ABfgBofA', 'test')]).toEqual([0, 1, 31, 32, 1000, 0]);
  });

  it('give back every sequence of 31-bit triples', () => {
    const triple = fc.tuple(fc.nat(0x7fff_ffff), fc.nat(0x7fff_ffff), fc.nat(0x7fff_ffff));
    fc.assert(
      fc.property(fc.array(triple), (triples) => {
        expect([...decodePoints(encodePoints(triples.flat()), 'test')]).toEqual(triples.flat());
      }),
      { seed: 2 },
    );
  });

  it('refuse what is no sequence of triples', () => {
    expect(() => encodePoints([1, 2])).toThrow(ShapeError);
    expect(() => encodePoints([1, 2, -1])).toThrow(/got -1 at 2/);
    expect(() => encodePoints([1, 2.5, 0])).toThrow(ShapeError);
  });

  it('throw DatasetError, and nothing else, for any text that is not theirs', () => {
    for (const bad of ['AA', 'AAg', 'A A', 'AA-', 'gggggggggA', '//////B', 'AAé']) {
      expect(() => decodePoints(bad, 'record')).toThrow(DatasetError);
    }
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(decodePoints(text, 'record').length % 3).toBe(0);
        } catch (error) {
          expect(error).toBeInstanceOf(DatasetError);
        }
      }),
      { seed: 3 },
    );
  });
});
