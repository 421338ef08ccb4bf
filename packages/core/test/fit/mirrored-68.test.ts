import { expect, test } from 'vitest';
import { mirrored68 } from '../../src/index.js';

test('mirrored68 is its own inverse and leaves the middle line of the face', () => {
  expect(mirrored68.map((point) => mirrored68[point])).toEqual(Array.from({ length: 68 }, (_, point) => point));
  // 300-W: chin, bridge and tip of the nose, middle of the lips.
  const middle = [8, 27, 28, 29, 30, 33, 51, 57, 62, 66];
  expect(mirrored68.flatMap((to, point) => (to === point ? [point] : []))).toEqual(middle);
});
