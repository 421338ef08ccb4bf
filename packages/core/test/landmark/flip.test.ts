import { describe, expect, test } from 'vitest';
import { flipLandmarks, ShapeError } from '../../src/index.js';

describe('flipLandmarks', () => {
  // left eye, right eye, nose, left mouth corner, right mouth corner
  const face = [10, 1, 20, 2, 16, 3, 11, 4, 19, 5];

  test('mirrors x and lets left and right change places', () => {
    // The flipped right eye (20, 2) lies at 100 - 20 = 80, left of the flipped left eye at 90: it is the left eye now.
    const flipped = flipLandmarks(new Float32Array(face), 100, new Float32Array(10));
    expect([...flipped]).toEqual([80, 2, 90, 1, 84, 3, 81, 5, 89, 4]);
  });

  test('keeps left landmarks left of right ones', () => {
    const flipped = flipLandmarks(new Float32Array(face), 64, new Float32Array(10));
    expect(flipped[0]).toBeLessThan(flipped[2]);
    expect(flipped[6]).toBeLessThan(flipped[8]);
  });

  test('undoes itself, also in place and for several faces', () => {
    const two = new Float32Array([...face, ...face.map((value) => value * 2)]);
    const out = two.slice();
    flipLandmarks(out, 300, out);
    flipLandmarks(out, 300, out);
    expect([...out]).toEqual([...two]);
  });

  test('rejects lengths that are not a multiple of 10', () => {
    expect(() => flipLandmarks(new Float32Array(9), 10, new Float32Array(9))).toThrow(ShapeError);
  });
});
