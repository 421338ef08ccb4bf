import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeBoxes,
  decodeLandmarks,
  encodeBoxes,
  encodeLandmarks,
  ShapeError,
  type Variances,
} from '../../src/index.js';

const mnet: Variances = [0.1, 0.2];

describe('decodeBoxes', () => {
  test('moves and scales the anchor (section 3.1)', () => {
    // Anchor (100, 200, 20, 40); offsets (1, -2, ln 2 / 0.2, 0).
    // x = 100 + 1 * 0.1 * 20 = 102, y = 200 - 2 * 0.1 * 40 = 192, w = 20 * 2 = 40, h = 40.
    const out = decodeBoxes(
      new Float32Array([1, -2, Math.log(2) / 0.2, 0]),
      new Float32Array([100, 200, 20, 40]),
      mnet,
      new Float32Array(4),
    );
    [82, 172, 122, 212].forEach((value, at) => {
      expect(out[at]).toBeCloseTo(value, 4);
    });
  });

  test('rejects lengths that differ or are not a multiple of 4', () => {
    expect(() => decodeBoxes(new Float32Array(4), new Float32Array(8), mnet, new Float32Array(8))).toThrow(ShapeError);
    expect(() => decodeBoxes(new Float32Array(6), new Float32Array(6), mnet, new Float32Array(6))).toThrow(ShapeError);
  });
});

describe('encodeBoxes', () => {
  test('is the regression target of the paper (Fast R-CNN, variances 1)', () => {
    // Box [90, 180, 130, 220]: centre (110, 200), 40 x 40. Anchor (100, 200, 20, 40):
    // tx = 10 / 20, ty = 0, tw = ln(40 / 20), th = 0.
    const out = encodeBoxes(
      new Float32Array([90, 180, 130, 220]),
      new Float32Array([100, 200, 20, 40]),
      [1, 1],
      new Float32Array(4),
    );
    [0.5, 0, Math.log(2), 0].forEach((value, at) => {
      expect(out[at]).toBeCloseTo(value, 6);
    });
  });

  test('rejects lengths that differ', () => {
    expect(() => encodeBoxes(new Float32Array(4), new Float32Array(4), mnet, new Float32Array(8))).toThrow(ShapeError);
  });
});

const anchor = fc.tuple(
  fc.double({ min: 0, max: 2000, noNaN: true }),
  fc.double({ min: 0, max: 2000, noNaN: true }),
  fc.double({ min: 4, max: 512, noNaN: true }),
  fc.double({ min: 4, max: 512, noNaN: true }),
);
const variances = fc.constantFrom<Variances>([0.1, 0.2], [1, 1]);

describe('encode and decode', () => {
  test('decode(encode(box)) is the box', () => {
    fc.assert(
      fc.property(anchor, anchor, variances, ([cx, cy, w, h], [ax, ay, aw, ah], v) => {
        const box = new Float32Array([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2]);
        const anchors = new Float32Array([ax, ay, aw, ah]);
        const offsets = encodeBoxes(box, anchors, v, new Float32Array(4));
        const back = decodeBoxes(offsets, anchors, v, new Float32Array(4));
        box.forEach((value, at) => {
          expect(Math.abs(back[at] - value)).toBeLessThan(0.01);
        });
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test('decode(encode(landmarks)) is the landmarks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -100, max: 2100, noNaN: true }), { minLength: 10, maxLength: 10 }),
        anchor,
        variances,
        (points, [ax, ay, aw, ah], v) => {
          const landmarks = new Float32Array(points);
          const anchors = new Float32Array([ax, ay, aw, ah]);
          const offsets = encodeLandmarks(landmarks, anchors, v, new Float32Array(10));
          const back = decodeLandmarks(offsets, anchors, v, new Float32Array(10));
          landmarks.forEach((value, at) => {
            expect(Math.abs(back[at] - value)).toBeLessThan(0.01);
          });
        },
      ),
      { seed: 2, numRuns: 300 },
    );
  });
});

describe('decodeLandmarks', () => {
  test('moves each point by the anchor sides, scaled by the centre variance', () => {
    // Anchor (100, 200, 20, 40): x = 100 + 0.1 * 20 * dx, y = 200 + 0.1 * 40 * dy.
    const out = decodeLandmarks(
      new Float32Array([1, 1, 2, -1, 0, 0, -3, 0.5, 10, 10]),
      new Float32Array([100, 200, 20, 40]),
      mnet,
      new Float32Array(10),
    );
    [102, 204, 104, 196, 100, 200, 94, 202, 120, 240].forEach((value, at) => {
      expect(out[at]).toBeCloseTo(value, 4);
    });
  });

  test('rejects lengths that do not fit the anchors', () => {
    expect(() => decodeLandmarks(new Float32Array(10), new Float32Array(8), mnet, new Float32Array(20))).toThrow(
      ShapeError,
    );
    expect(() => encodeLandmarks(new Float32Array(20), new Float32Array(8), mnet, new Float32Array(10))).toThrow(
      ShapeError,
    );
  });
});
