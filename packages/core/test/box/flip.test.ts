import { describe, expect, test } from 'vitest';
import { anchorPresets, flipBoxes, generateAnchors, ShapeError } from '../../src/index.js';

describe('flipBoxes', () => {
  test('maps (x1, x2) to (width - x2, width - x1) and leaves y', () => {
    const boxes = new Float32Array([10, 20, 30, 50]);
    expect([...flipBoxes(boxes, 100, new Float32Array(4))]).toEqual([70, 20, 90, 50]);
  });

  test('undoes itself, also in place', () => {
    const boxes = new Float32Array([10, 20, 30, 50, -4, 0, 7, 9]);
    const flipped = flipBoxes(boxes.slice(), 100, new Float32Array(8));
    expect([...flipBoxes(flipped, 100, flipped)]).toEqual([...boxes]);
  });

  test('maps the anchors of one row onto themselves, in the opposite order', () => {
    const layout = { centre: 'cell', levels: [{ stride: 8, sizesPx: [16] }] } as const;
    expect(anchorPresets.mnet025.centre).toBe(layout.centre);
    const anchors = generateAnchors(layout, 64, 8);
    const corners = Float32Array.from({ length: anchors.length }, (_, at) => {
      const [anchor, corner] = [Math.floor(at / 4) * 4, at % 4];
      const sign = corner < 2 ? -1 : 1;
      return anchors[anchor + (corner % 2)] + (sign * anchors[anchor + 2]) / 2;
    });
    const flipped = flipBoxes(corners, 64, new Float32Array(corners.length));
    for (let index = 0; index < 8; index++) {
      expect([...flipped.subarray(index * 4, index * 4 + 4)]).toEqual([
        ...corners.subarray((7 - index) * 4, (7 - index) * 4 + 4),
      ]);
    }
  });

  test('rejects lengths that differ', () => {
    expect(() => flipBoxes(new Float32Array(4), 10, new Float32Array(8))).toThrow(ShapeError);
  });
});
