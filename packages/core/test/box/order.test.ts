import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { descendingOrder, ShapeError } from '../../src/index.js';

function orderOf(scores: Float32Array): number[] {
  return [...descendingOrder(scores).subarray(0, scores.length)];
}

describe('descendingOrder', () => {
  test('goes from the highest score to the lowest, NaN last', () => {
    const scores = new Float32Array([0.1, Number.NaN, Number.POSITIVE_INFINITY, -2, 0, Number.NEGATIVE_INFINITY, 0.9]);
    expect(orderOf(scores)).toEqual([2, 6, 0, 4, 3, 5, 1]);
  });

  test('takes equal scores in index order, 0 and -0 being equal', () => {
    expect(orderOf(new Float32Array([-0, 0, -0, 0.5, 0.5]))).toEqual([3, 4, 0, 1, 2]);
  });

  test('puts NaN of either sign after minus infinity', () => {
    const bits = new Uint32Array([0xffc00000, 0xff800000, 0x7fc00000]);
    expect(orderOf(new Float32Array(bits.buffer))).toEqual([1, 0, 2]);
  });

  test('equals a stable comparator sort', () => {
    fc.assert(
      fc.property(fc.float32Array({ noNaN: true, maxLength: 200 }), (scores) => {
        const expected = Array.from(scores, (_, index) => index).sort((a, b) =>
          scores[a] === scores[b] ? a - b : scores[b] - scores[a],
        );
        expect(orderOf(scores)).toEqual(expected);
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  test('refuses more scores than its keys can number', () => {
    const order = (): Uint32Array => descendingOrder(new Float32Array(2 ** 21 + 1));
    expect(order).toThrow(ShapeError);
    expect(order).toThrow(/at most 2097152 scores, got 2097153; .*--score-floor.*--scale/);
  });
});
