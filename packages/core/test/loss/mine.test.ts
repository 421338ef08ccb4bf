import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type MiningOptions, mineHardNegatives, ProtocolError, ShapeError, unmatched } from '../../src/index.js';

function mined(logits: readonly number[], faceOfAnchor: readonly number[], options: MiningOptions): number[] {
  const out = new Int32Array(faceOfAnchor.length);
  return [...out.subarray(0, mineHardNegatives(new Float32Array(logits), new Int32Array(faceOfAnchor), options, out))];
}

const { background, ignored } = unmatched;
const three: MiningOptions = { negativesPerPositive: 3, minimumNegatives: 0 };

describe('mineHardNegatives', () => {
  test('takes the background anchors of the largest loss, three per positive, ascending', () => {
    // Margins face - background: 9 (positive), 1, 5, 2, 8 (ignored), 3, 0. The three hardest: 5, 3, 2.
    const logits = [0, 9, 0, 1, 1, 6, 0, 2, 0, 8, -3, 0, 2, 2];
    expect(mined(logits, [0, background, background, background, ignored, background, background], three)).toEqual([
      2, 3, 5,
    ]);
  });

  test('takes the first of equal losses', () => {
    expect(mined([0, 9, 0, 1, 0, 1, 0, 1, 0, 1], [0, -1, -1, -1, -1], three)).toEqual([1, 2, 3]);
    // 0 and -0 are equal.
    expect(mined([0, 9, 0, -0, 0, 0], [0, -1, -1], { ...three, negativesPerPositive: 1 })).toEqual([1]);
  });

  test('takes all background anchors where there are fewer', () => {
    expect(mined([0, 9, 0, 1, 0, 2], [0, -1, -1], three)).toEqual([1, 2]);
  });

  test('takes none without a positive, or the minimum that is asked for', () => {
    const logits = [0, 1, 0, 3, 0, 2];
    expect(mined(logits, [-1, -1, -1], three)).toEqual([]);
    expect(mined(logits, [-1, -1, -1], { ...three, minimumNegatives: 2 })).toEqual([1, 2]);
  });

  test('ranks a NaN loss last', () => {
    expect(mined([0, 9, Number.NaN, 0, 0, -50], [0, -1, -1], { ...three, negativesPerPositive: 1 })).toEqual([2]);
  });

  test('equals sorting by loss', () => {
    const anchor = fc.record({
      margin: fc.float({ min: -30, max: 30, noNaN: true }),
      face: fc.constantFrom(background, background, background, ignored, 0),
    });
    fc.assert(
      fc.property(fc.array(anchor, { maxLength: 120 }), fc.integer({ min: 0, max: 9 }), (anchors, ratio) => {
        const positives = anchors.filter(({ face }) => face >= 0).length;
        const expected = anchors
          .map(({ margin, face }, index) => ({ margin, face, index }))
          .filter(({ face }) => face === background)
          .sort((a, b) => b.margin - a.margin || a.index - b.index)
          .slice(0, ratio * positives)
          .map(({ index }) => index)
          .sort((a, b) => a - b);
        const found = mined(
          anchors.flatMap(({ margin }) => [0, margin]),
          anchors.map(({ face }) => face),
          { negativesPerPositive: ratio, minimumNegatives: 0 },
        );
        expect(found).toEqual(expected);
      }),
      { seed: 12, numRuns: 500 },
    );
  });

  test('rejects lengths that do not fit and counts that are negative or endless', () => {
    const out = new Int32Array(2);
    expect(() => mineHardNegatives(new Float32Array(3), new Int32Array(2), three, out)).toThrow(ShapeError);
    for (const negativesPerPositive of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() =>
        mineHardNegatives(new Float32Array(4), new Int32Array(2), { ...three, negativesPerPositive }, out),
      ).toThrow(ProtocolError);
    }
  });
});
