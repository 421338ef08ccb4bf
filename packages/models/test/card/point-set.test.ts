import { expect, test } from 'vitest';
import { type ComposedDecoder, type ComposedLandmarks, pointSetOf } from '../../src/index.js';

const setOf = (points: Partial<ComposedLandmarks>, landmarks = true) => {
  const decoder: ComposedDecoder = {
    kind: 'composed',
    scores: { factors: [{ tensor: 's' }] },
    boxes: { from: [{ tensor: 'b' }], values: 'x1 y1 x2 y2', position: { origin: 'zero', unit: 'pixels' } },
    landmarks: { from: { tensor: 'l' }, points: 5, position: { origin: 'zero', unit: 'pixels' }, ...points },
  };
  return pointSetOf({ decoder, landmarks });
};

test('five points in the order of the landmarks are no set of their own', () => {
  expect(setOf({})).toBeUndefined();
  expect(pointSetOf({ landmarks: true })).toBeUndefined();
});

test('other points are, whether or not five of them align', () => {
  expect(setOf({ points: 6, alignment: [1, 0, 2, 3, 3] })).toEqual({ count: 6 });
  expect(setOf({ points: 98 }, false)).toEqual({ count: 98 });
});

test('a card that says that its landmarks do not count has none', () => {
  expect(setOf({ points: 6, alignment: [1, 0, 2, 3, 3] }, false)).toBeUndefined();
});

test('names with left and right say which point of the mirrored face becomes which', () => {
  const names = ['right eye', 'left eye', 'nose', 'mouth', 'Right ear', 'Left ear'];
  expect(setOf({ points: 6, names })).toEqual({ count: 6, names, mirrored: [1, 0, 2, 3, 5, 4] });
});

test('names of which a side is missing, or without sides, do not say it', () => {
  expect(setOf({ points: 2, names: ['left eye', 'nose'] })).toEqual({ count: 2, names: ['left eye', 'nose'] });
  expect(setOf({ points: 2, names: ['a', 'b'] })).toEqual({ count: 2, names: ['a', 'b'] });
});
