import { describe, expect, test } from 'vitest';
import { boxIou, nms, ProtocolError, ShapeError, type SoftNmsOptions, softNms } from '../../src/index.js';
import { crowd } from '../support/crowd.js';

const linear: SoftNmsOptions = {
  decay: { rule: 'linear', iouThreshold: 0.3 },
  convention: 'continuous',
  scoreFloor: 0.001,
};
const gaussian: SoftNmsOptions = { ...linear, decay: { rule: 'gaussian', sigma: 0.5 } };

function run(boxes: Float32Array, scores: Float32Array, options: SoftNmsOptions): { keep: number[]; scores: number[] } {
  const keep = new Int32Array(scores.length);
  const decayed = new Float32Array(scores.length);
  const count = softNms(boxes, scores, options, keep, decayed);
  return { keep: [...keep.subarray(0, count)], scores: [...decayed.subarray(0, count)] };
}

describe('softNms', () => {
  // A [0, 0, 10, 10] and B [0, 0, 10, 5]: IoU 0.5. C lies apart.
  const boxes = new Float32Array([0, 0, 10, 10, 0, 0, 10, 5, 50, 50, 60, 60]);
  const scores = new Float32Array([0.9, 0.8, 0.5]);

  test('linear decay multiplies by 1 - IoU above the threshold', () => {
    // B falls to 0.8 * (1 - 0.5) = 0.4 and is taken after C.
    const result = run(boxes, scores, linear);
    expect(result.keep).toEqual([0, 2, 1]);
    expect(result.scores[2]).toBeCloseTo(0.4, 6);
  });

  test('linear decay leaves a box at the threshold alone', () => {
    const result = run(boxes, scores, { ...linear, decay: { rule: 'linear', iouThreshold: 0.5 } });
    expect(result.keep).toEqual([0, 1, 2]);
    expect(result.scores).toEqual([...scores]);
  });

  test('gaussian decay multiplies by exp(-IoU^2 / sigma)', () => {
    // 0.8 * exp(-0.25 / 0.5) = 0.8 * exp(-0.5) = 0.48522.
    const result = run(boxes, scores, gaussian);
    expect(result.keep).toEqual([0, 2, 1]);
    expect(result.scores[2]).toBeCloseTo(0.485225, 6);
  });

  test('drops boxes below the floor, from the start or after decay', () => {
    expect(run(boxes, scores, { ...linear, scoreFloor: 0.45 }).keep).toEqual([0, 2]);
    expect(run(boxes, scores, { ...linear, scoreFloor: 0.6 }).keep).toEqual([0]);
  });

  test('equals the definition of the paper, step by step', () => {
    // In a narrow place nearly all boxes overlap; in a wide one they are found by place, some by far smaller or larger ones.
    for (const [options, count, sidePx] of [
      [linear, 250, 200],
      [gaussian, 250, 200],
      [linear, 600, 3000],
      [gaussian, 600, 3000],
    ] as const) {
      const { boxesXyxy, scores: given } = crowd(count, 11, 0.9, sidePx, sidePx);
      boxesXyxy.set([0, 0, sidePx, sidePx / 3, 5, 5, 5, 9, sidePx / 2, 7, sidePx / 2 + 0.25, 7.25]);
      const current = Float64Array.from(given);
      const remaining = new Set(current.keys());
      const expected: number[] = [];
      while (remaining.size > 0) {
        const best = [...remaining].reduce((a, b) => (current[b] > current[a] ? b : a));
        expected.push(best);
        remaining.delete(best);
        for (const index of [...remaining]) {
          const iou = boxIou(boxesXyxy, best, boxesXyxy, index, 0);
          if (options.decay.rule === 'gaussian') current[index] *= Math.exp(-(iou ** 2) / options.decay.sigma);
          else if (iou > options.decay.iouThreshold) current[index] *= 1 - iou;
          if (current[index] < options.scoreFloor) remaining.delete(index);
        }
      }
      const result = run(boxesXyxy, given, options);
      expect(result.keep).toEqual(expected);
      result.scores.forEach((score, rank) => {
        expect(score).toBe(Math.fround(current[expected[rank]]));
      });
    }
  });

  test('gives falling scores, none above its own, and keeps at least what nms keeps', () => {
    const { boxesXyxy, scores: given } = crowd(300, 12, 0.9, 200, 200);
    const result = run(boxesXyxy, given, { ...linear, scoreFloor: 0 });
    result.keep.forEach((index, rank) => {
      expect(result.scores[rank]).toBeLessThanOrEqual(given[index]);
      if (rank > 0) expect(result.scores[rank]).toBeLessThanOrEqual(result.scores[rank - 1]);
    });
    const keep = new Int32Array(given.length);
    const count = nms(boxesXyxy, given, { iouThreshold: 0.3, convention: 'continuous' }, keep);
    const soft = new Set(result.keep);
    for (const index of keep.subarray(0, count)) expect(soft.has(index)).toBe(true);
  });

  test('drops a NaN score, which is below every floor', () => {
    const result = run(boxes, new Float32Array([Number.NaN, 0.8, 0.5]), linear);
    expect(result.keep).toEqual([1, 2]);
  });

  test('rejects lengths that do not fit and settings out of range', () => {
    const keep = new Int32Array(3);
    expect(() => softNms(boxes, scores, linear, keep, new Float32Array(2))).toThrow(ShapeError);
    expect(() =>
      softNms(boxes, scores, { ...linear, decay: { rule: 'gaussian', sigma: 0 } }, keep, new Float32Array(3)),
    ).toThrow(ProtocolError);
    expect(() => softNms(boxes, scores, { ...linear, scoreFloor: Number.NaN }, keep, new Float32Array(3))).toThrow(
      ProtocolError,
    );
  });
});
