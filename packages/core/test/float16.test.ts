import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFloat16, encodeFloat16, floatToHalf, halfToFloat } from '../src/float16.js';
import { seededRandom } from '../src/index.js';

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

test('encodeFloat16 undoes decodeFloat16 for every half that is a number', () => {
  const bits = Uint16Array.from({ length: 65_536 }, (_, value) => value).filter((value) => (value & 0x7fff) <= 0x7c00);
  const floats = decodeFloat16(bits);
  expect([floats[1], floats[0x3c00], floats[0x7c00]]).toEqual([2 ** -24, 1, Number.POSITIVE_INFINITY]);
  const back = encodeFloat16(floats);
  expect(back.findIndex((value, at) => value !== bits[at])).toBe(-1);
});

test('encodeFloat16 rounds as floatToHalf does, number by number', () => {
  const random = seededRandom(1611);
  const values = Float32Array.from({ length: 20_000 }, () => (random() - 0.5) * 2 ** (random() * 48 - 28));
  const rounded = encodeFloat16(values);
  const differing = values.findIndex((value, at) => rounded[at] !== floatToHalf(value));
  expect(differing < 0 ? 'none' : values[differing]).toBe('none');
});
