import fc from 'fast-check';
import { expect, test } from 'vitest';
import { floatToHalf, halfToFloat } from '../src/float16.js';

test('floatToHalf rounds to nearest, ties to even', () => {
  // 1 + 1/2048 lies between 1 (0x3c00) and 1 + 1/1024 (0x3c01): the even one is 1. 65,520 lies
  // halfway between 65,504, the largest, and 2^16: infinite.
  expect([1, 1 + 1 / 2048, 1 + 3 / 2048, -2, 2 ** -24, 2 ** -25, 65_520, 0].map(floatToHalf)).toEqual([
    0x3c00, 0x3c00, 0x3c02, 0xc000, 0x0001, 0x0000, 0x7c00, 0x0000,
  ]);
});

test('floatToHalf undoes halfToFloat for every finite half', () => {
  fc.assert(
    fc.property(fc.nat(0x7bff), fc.boolean(), (magnitude, negative) => {
      const bits = magnitude | (negative && magnitude > 0 ? 0x8000 : 0);
      expect(floatToHalf(halfToFloat(bits))).toBe(bits);
    }),
    { seed: 4, numRuns: 2000 },
  );
});
