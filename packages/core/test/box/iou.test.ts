import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sideOffsetPx } from '../../src/box/iou.js';
import { boxIou } from '../../src/index.js';

describe('boxIou', () => {
  const a = new Float32Array([0, 0, 10, 10]);

  test('is overlap over union', () => {
    // Overlap 5 x 10 = 50, union 100 + 100 - 50 = 150.
    expect(boxIou(a, 0, new Float32Array([5, 0, 15, 10]), 0, 0)).toBeCloseTo(1 / 3, 12);
  });

  test('counts corner pixels under the pixel convention', () => {
    // 11 x 11 pixels each, overlap columns 5..10: 6 x 11 = 66; union 242 - 66 = 176.
    expect(boxIou(a, 0, new Float32Array([5, 0, 15, 10]), 0, sideOffsetPx('pixel'))).toBeCloseTo(66 / 176, 12);
  });

  test('is 0 for boxes that touch, one pixel column under the pixel convention', () => {
    const b = new Float32Array([10, 0, 20, 10]);
    expect(boxIou(a, 0, b, 0, sideOffsetPx('continuous'))).toBe(0);
    // Overlap 1 x 11 = 11, union 231.
    expect(boxIou(a, 0, b, 0, 1)).toBeCloseTo(11 / 231, 12);
  });

  test('is 0, not 0 / 0, for two empty boxes', () => {
    const empty = new Float32Array([3, 3, 3, 3]);
    expect(boxIou(empty, 0, empty, 0, 0)).toBe(0);
  });

  test('reads the rows that it is asked for', () => {
    const rows = new Float32Array([0, 0, 1, 1, 0, 0, 10, 10]);
    expect(boxIou(rows, 1, a, 0, 0)).toBe(1);
    expect(boxIou(a, 0, rows, 0, 0)).toBeCloseTo(0.01, 12);
  });

  test('is symmetric, within 0..1, 1 for a box with itself, and the same under translation and scale', () => {
    const box = fc.tuple(
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 60 }),
    );
    fc.assert(
      fc.property(box, box, fc.integer({ min: -50, max: 50 }), ([x, y, w, h], [u, v, s, t], shift) => {
        const p = new Float32Array([x, y, x + w, y + h]);
        const q = new Float32Array([u, v, u + s, v + t]);
        const iou = boxIou(p, 0, q, 0, 0);
        expect(boxIou(q, 0, p, 0, 0)).toBe(iou);
        expect(iou).toBeGreaterThanOrEqual(0);
        expect(iou).toBeLessThanOrEqual(1);
        expect(boxIou(p, 0, p, 0, 0)).toBe(1);
        const move = (value: number): number => value * 2 + shift;
        expect(boxIou(p.map(move), 0, q.map(move), 0, 0)).toBeCloseTo(iou, 12);
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});
