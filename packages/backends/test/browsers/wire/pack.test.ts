import { ShapeError } from '@retinabench/core';
import { expect, test } from 'vitest';
import { packMessage, unpackMessage } from '../../../src/browsers/wire/pack.js';

test('packMessage writes the length of the JSON, the JSON with the places of the arrays, and the arrays at multiples of 8', () => {
  const packed = packMessage({ a: Float32Array.of(1, 2), b: Uint8Array.of(7) });
  const json = '{"a":{"$array":"Float32Array","at":0,"length":2},"b":{"$array":"Uint8Array","at":8,"length":1}}';
  // 4 bytes of length and 95 of JSON end at 99, the arrays begin at 104: 8 bytes of a, then 1 of b, filled up to 8.
  expect(json.length).toBe(95);
  expect([...packed.subarray(0, 4)]).toEqual([95, 0, 0, 0]);
  expect(new TextDecoder().decode(packed.subarray(4, 99))).toBe(json);
  // 1 and 2 as float32, little-endian: 0x3f800000, 0x40000000.
  expect([...packed.subarray(104)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0x40, 7, 0, 0, 0, 0, 0, 0, 0]);
});

test('unpackMessage gives back what was packed, numbers that JSON lacks included, wherever the bytes lie', () => {
  const message = {
    id: 3,
    nested: [{ scores: Float32Array.of(0.1, Number.NaN, Number.NEGATIVE_INFINITY), empty: new Float32Array(0) }],
    text: 'ü "quoted" \0',
    big: Float64Array.of(2 ** 53, -0),
    whole: Int32Array.of(-1),
    none: null,
    dims: [1, undefined, null],
  };
  const packed = packMessage(message);
  const shifted = new Uint8Array(packed.length + 3);
  shifted.set(packed, 3);
  for (const bytes of [packed, shifted.subarray(3)]) expect(unpackMessage(bytes)).toStrictEqual(message);
});

test('an array that is a part of a larger one passes as that part', () => {
  const part = Uint8Array.of(1, 2, 3, 4).subarray(1, 3);
  expect(unpackMessage<{ part: Uint8Array }>(packMessage({ part })).part).toEqual(Uint8Array.of(2, 3));
});

test.each([0, 3, 20, 100])('bytes that end after %i are a ShapeError', (length) => {
  const packed = packMessage({ a: new Float32Array(8), b: 'x'.repeat(40) });
  expect(() => unpackMessage(packed.subarray(0, length))).toThrow(ShapeError);
});

test('an array of a type that the other end does not know is a ShapeError', () => {
  expect(() => packMessage({ a: new BigInt64Array(1) })).toThrow(ShapeError);
});
