import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type NmsOptions, nms, ProtocolError, ShapeError, seededRandom } from '../../src/index.js';
import { crowd } from '../support/crowd.js';
import { greedyNms } from '../support/greedy-nms.js';

const wider: NmsOptions = { iouThreshold: 0.4, convention: 'pixel' };

function kept(boxesXyxy: Float32Array, scores: Float32Array, options: NmsOptions): number[] {
  const keep = new Int32Array(scores.length);
  return [...keep.subarray(0, nms(boxesXyxy, scores, options, keep))];
}

describe('nms', () => {
  test('suppresses where IoU is above the threshold, and not where it equals it', () => {
    // A [0, 0, 10, 10] and B [0, 0, 10, 5]: overlap 50, union 100, IoU 0.5. C lies apart.
    const boxes = new Float32Array([0, 0, 10, 10, 0, 0, 10, 5, 50, 50, 60, 60]);
    const scores = new Float32Array([0.9, 0.8, 0.7]);
    expect(kept(boxes, scores, { iouThreshold: 0.5, convention: 'continuous' })).toEqual([0, 1, 2]);
    expect(kept(boxes, scores, { iouThreshold: 0.49, convention: 'continuous' })).toEqual([0, 2]);
  });

  test('measures sides with one pixel more under the pixel convention', () => {
    // 11 x 11 = 121 and 11 x 6 = 66 pixels, overlap 66: IoU 66 / 121 = 0.545.
    const boxes = new Float32Array([0, 0, 10, 10, 0, 0, 10, 5]);
    const scores = new Float32Array([0.9, 0.8]);
    expect(kept(boxes, scores, { iouThreshold: 0.54, convention: 'pixel' })).toEqual([0]);
    expect(kept(boxes, scores, { iouThreshold: 0.54, convention: 'continuous' })).toEqual([0, 1]);
  });

  test('lets a suppressed box suppress nothing', () => {
    // A-B and B-C overlap by 60 of 140 (IoU 0.43), A-C by 20 of 180 (0.11): B falls to A, so C stays.
    const boxes = new Float32Array([0, 0, 10, 10, 4, 0, 14, 10, 8, 0, 18, 10]);
    expect(kept(boxes, new Float32Array([0.9, 0.8, 0.7]), { iouThreshold: 0.4, convention: 'continuous' })).toEqual([
      0, 2,
    ]);
  });

  test('takes equal scores in index order', () => {
    const boxes = new Float32Array([0, 0, 10, 10, 0, 0, 10, 10, 0, 0, 10, 10]);
    expect(kept(boxes, new Float32Array([0.5, 0.5, 0.5]), wider)).toEqual([0]);
  });

  test('keeps boxes that are not finite or have no area, which overlap nothing', () => {
    const boxes = new Float32Array([0, 0, 9, 9, Number.NaN, 0, 9, 9, 5, 5, 1, 1, 0, 0, Number.POSITIVE_INFINITY, 9]);
    const scores = new Float32Array([0.9, 0.8, 0.7, 0.6]);
    expect(kept(boxes, scores, wider)).toEqual([0, 1, 2, 3]);
    expect(kept(boxes, scores, wider)).toEqual(greedyNms(boxes, scores, wider));
    expect(kept(boxes, scores, { ...wider, iouThreshold: 0 })).toEqual([0, 1, 2, 3]);
  });

  test.each([0, 0.001, 0.01, 0.039, 0.04, 0.05, 0.1, 0.3, 0.4, 0.5, 0.7, 0.9, 0.95, 1])(
    'keeps exactly what the unpruned definition keeps, threshold %f',
    (iouThreshold) => {
      for (const convention of ['pixel', 'continuous'] as const) {
        for (let seed = 0; seed < 4; seed++) {
          const { boxesXyxy, scores } = crowd(600, seed, 0.8, 300, 300);
          const options = { iouThreshold, convention };
          expect(kept(boxesXyxy, scores, options)).toEqual(greedyNms(boxesXyxy, scores, options));
        }
      }
    },
  );

  test('keeps exactly what the definition keeps on integer boxes, whose overlaps fall on the threshold', () => {
    const random = seededRandom(5);
    for (let round = 0; round < 200; round++) {
      const count = 60;
      const boxes = new Float32Array(count * 4);
      for (let index = 0; index < count; index++) {
        const x = Math.floor(random() * 12);
        const y = Math.floor(random() * 12);
        boxes.set([x, y, x + 1 + Math.floor(random() * 8), y + 1 + Math.floor(random() * 8)], index * 4);
      }
      const scores = Float32Array.from({ length: count }, () => Math.floor(random() * 8) / 8);
      for (const iouThreshold of [0, 1 / 64, 0.25, 1 / 3, 0.4, 0.5, 0.75]) {
        const options = { iouThreshold, convention: 'continuous' } as const;
        expect(kept(boxes, scores, options)).toEqual(greedyNms(boxes, scores, options));
      }
    }
  });

  test('keeps exactly what the definition keeps over twelve orders of magnitude, elongated boxes included', () => {
    const random = seededRandom(6);
    const count = 500;
    const boxes = new Float32Array(count * 4);
    for (let index = 0; index < count; index++) {
      if (index % 2 === 1) {
        const nudge = (): number => 1 + 0.1 * (random() - 0.5);
        for (let corner = 0; corner < 4; corner++) boxes[index * 4 + corner] = boxes[index * 4 - 4 + corner] * nudge();
        continue;
      }
      const width = 10 ** (random() * 12 - 6);
      const height = 10 ** (random() * 12 - 6);
      const x = (random() - 0.5) * 10 ** (random() * 12 - 6);
      const y = (random() - 0.5) * 10 ** (random() * 12 - 6);
      boxes.set([x, y, x + width, y + height], index * 4);
    }
    const scores = Float32Array.from({ length: count }, random);
    for (const convention of ['pixel', 'continuous'] as const) {
      for (const iouThreshold of [0, 0.01, 0.2, 0.4, 0.7]) {
        const options = { iouThreshold, convention };
        expect(kept(boxes, scores, options)).toEqual(greedyNms(boxes, scores, options));
      }
    }
  });

  test('is idempotent and invariant to the order of the boxes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 80 }), fc.integer(), (count, seed) => {
        const { boxesXyxy, scores } = crowd(count, seed, 0.9, 120, 120);
        const first = kept(boxesXyxy, scores, wider);
        const pick = (order: readonly number[]): [Float32Array, Float32Array] => [
          Float32Array.from(order.flatMap((index) => [...boxesXyxy.subarray(index * 4, index * 4 + 4)])),
          Float32Array.from(order, (index) => scores[index]),
        ];
        expect(kept(...pick(first), wider)).toEqual(first.map((_, rank) => rank));
        const backwards = Array.from(scores, (_, index) => count - 1 - index);
        // Scores are distinct, so that the order of the boxes can decide nothing.
        fc.pre(new Set(scores).size === count);
        expect(kept(...pick(backwards), wider).map((index) => backwards[index])).toEqual(first);
      }),
      { seed: 7, numRuns: 100 },
    );
  });

  test('returns nothing for no boxes', () => {
    expect(kept(new Float32Array(0), new Float32Array(0), wider)).toEqual([]);
  });

  test('rejects lengths that do not fit and thresholds outside 0..1', () => {
    const scores = new Float32Array(2);
    expect(() => nms(new Float32Array(7), scores, wider, new Int32Array(2))).toThrow(ShapeError);
    expect(() => nms(new Float32Array(8), scores, wider, new Int32Array(1))).toThrow(/keep of at least 2/);
    for (const iouThreshold of [Number.NaN, -0.1, 40]) {
      expect(() => nms(new Float32Array(8), scores, { ...wider, iouThreshold }, new Int32Array(2))).toThrow(
        ProtocolError,
      );
    }
  });
});
