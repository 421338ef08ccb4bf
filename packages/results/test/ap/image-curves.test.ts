import { expect, test } from 'vitest';
import { curvesOfImages } from '../../src/ap/image-curves.js';
import { encodePoints, sumCurves, sumCurvesOf } from '../../src/index.js';

/** Points (threshold step, proposals, true positives) of three images; the second has none. */
const points = [[1, 2, 1, 2, 1, 1], [], [2, 1, 0, 998, 4, 1]];
const faces = [2, 5, 1];
const curves = curvesOfImages(
  points.map((triples, image) => {
    const same = <T>(value: T) => ({ easy: value, medium: value, hard: value });
    return { name: `0--A/${image}`, points: same(encodePoints(triples)), faces: same(faces[image]) };
  }),
  'hard',
);

test('curvesOfImages adds up the steps between thresholds: 1 and 3, and 2 and 1000', () => {
  expect(curves).toEqual({
    start: Int32Array.of(0, 2, 2, 4),
    threshold: Uint16Array.of(1, 3, 2, 1000),
    proposals: Int32Array.of(2, 1, 1, 4),
    truePositives: Int32Array.of(1, 1, 0, 1),
    faces: Int32Array.of(2, 5, 1),
  });
});

test('sumCurvesOf adds up the images that are named, in any order, and no other', () => {
  const { proposals, truePositives, faces } = sumCurvesOf(curves, [2, 0]);
  // Thresholds 1, 2, 3 and 1000: 2, + 1, + 1, + 4 proposals; 1, + 0, + 1, + 1 true positives.
  expect([0, 1, 2, 998, 999].map((at) => proposals[at])).toEqual([2, 3, 4, 4, 8]);
  expect([0, 1, 2, 998, 999].map((at) => truePositives[at])).toEqual([1, 1, 2, 2, 3]);
  expect(faces).toBe(2 + 1);
  expect(sumCurvesOf(curves, [])).toEqual({
    proposals: new Float64Array(1000),
    truePositives: new Float64Array(1000),
    faces: 0,
  });
});

test('sumCurvesOf of all images, and of some, is sumCurves with each of them taken once', () => {
  expect(sumCurvesOf(curves, [0, 1, 2])).toEqual(sumCurves(curves));
  expect(sumCurvesOf(curves, [1, 2])).toEqual(sumCurves(curves, [0, 1, 1]));
});
