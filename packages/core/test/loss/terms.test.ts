import { describe, expect, test } from 'vitest';
import { ProtocolError, ShapeError, smoothL1, smoothL1Slope, softmaxCrossEntropy } from '../../src/index.js';
import { smoothL1Sum } from '../../src/loss/smooth-l1.js';

describe('softmaxCrossEntropy', () => {
  test('is -ln softmax of the label, its gradient softmax less one-hot', () => {
    // Logits (1, 3), label face: p = 1 / (1 + e^-2) = 0.880797, loss 0.126928; gradient (0.119203, -0.119203).
    // Logits (0, 0), label background: ln 2 = 0.693147, gradient (-0.5, 0.5). Divided by 2.
    const gradient = new Float64Array(6);
    const labels = new Int8Array([1, 0, -1]);
    const loss = softmaxCrossEntropy(new Float64Array([1, 3, 0, 0, 7, 7]), labels, 2, gradient);
    expect(loss).toBeCloseTo((0.1269280110429726 + Math.LN2) / 2, 12);
    [0.0596014611, -0.0596014611, -0.25, 0.25, 0, 0].forEach((value, at) => {
      expect(gradient[at]).toBeCloseTo(value, 9);
    });
  });

  test('neither overflows nor vanishes at extreme logits', () => {
    const gradient = new Float64Array(4);
    // ln(1 + e^2000) = 2000; ln(1 + e^-50) = e^-50 to first order.
    expect(softmaxCrossEntropy(new Float64Array([1000, -1000, 0, 50]), new Int8Array([1, -1]), 1, gradient)).toBe(2000);
    expect(
      softmaxCrossEntropy(new Float64Array([1000, -1000, 0, 50]), new Int8Array([-1, 1]), 1, gradient),
    ).toBeCloseTo(Math.exp(-50), 30);
    expect(gradient.every(Number.isFinite)).toBe(true);
  });

  test('rejects lengths that do not fit and a divisor of 0', () => {
    expect(() => softmaxCrossEntropy(new Float32Array(2), new Int8Array(1), 0, new Float32Array(2))).toThrow(
      ProtocolError,
    );
    expect(() => softmaxCrossEntropy(new Float32Array(4), new Int8Array(3), 1, new Float32Array(4))).toThrow(
      ShapeError,
    );
  });
});

describe('smoothL1', () => {
  test('is 0.5 d^2 below 1 and |d| - 0.5 from there, beta 1', () => {
    expect(smoothL1(0.5, 1)).toBe(0.125);
    expect(smoothL1(-0.5, 1)).toBe(0.125);
    expect(smoothL1(1, 1)).toBe(0.5);
    expect(smoothL1(-3, 1)).toBe(2.5);
    expect([-3, -0.5, 0, 0.5, 3].map((difference) => smoothL1Slope(difference, 1))).toEqual([-1, -0.5, 0, 0.5, 1]);
  });

  test('beta moves the end of the parabola', () => {
    // Beta 1/9: 0.5 * 0.01 / (1 / 9) = 0.045 at 0.1; 1 - 1 / 18 at 1.
    expect(smoothL1(0.1, 1 / 9)).toBeCloseTo(0.045, 12);
    expect(smoothL1(1, 1 / 9)).toBeCloseTo(17 / 18, 12);
    expect(smoothL1Slope(0.1, 1 / 9)).toBeCloseTo(0.9, 12);
  });
});

describe('smoothL1Sum', () => {
  test('sums over coordinates, divides, and overwrites the gradient', () => {
    // Differences 0.5 and -3: (0.125 + 2.5) / 2; slopes 0.5 / 2 and -1 / 2.
    const gradient = new Float32Array([9, 9]);
    expect(smoothL1Sum(new Float32Array([1.5, 0]), new Float32Array([1, 3]), 1, 2, gradient)).toBe(1.3125);
    expect([...gradient]).toEqual([0.25, -0.5]);
  });

  test('rejects lengths that differ and a beta of 0', () => {
    const two = new Float32Array(2);
    expect(() => smoothL1Sum(two, new Float32Array(3), 1, 1, two)).toThrow(ShapeError);
    expect(() => smoothL1Sum(two, two, 0, 1, two.slice())).toThrow(ProtocolError);
  });
});
