import { expect, test } from 'vitest';
import { fitRelative } from '../../../src/diagnosis/search/fit-relative.js';
import type { SampleImage } from '../../../src/diagnosis/search/sample.js';

/** An image with one face and a box that begins where it does, with sides so many times as long. */
const image = (times: number, index: number): SampleImage => ({
  name: String(index),
  facesXywh: Float64Array.of(50, 60, 20, 30),
  boxes: Float64Array.of(50, 60, 20 * times, 30 * times),
});

const boxOf = (times: readonly number[]) => fitRelative(times.map(image))?.box;
const large = { x: 0, y: 0, w: 1.5, h: 1.5 };

test('the size that most images have is measured, wherever they stand, and none where most boxes are as large as faces', () => {
  expect(boxOf([1, 1.5, 1.5, 1, 1.5])).toEqual(large);
  expect(boxOf([1.5, 1.5, 1, 1.5, 1])).toEqual(large);
  expect(boxOf([1.5, 1, 1, 1.5, 1])).toBeUndefined();
});

test('of sizes that equally many images have the one that stands first is measured', () => {
  expect(boxOf([1.5, 1, 1, 1.5])).toEqual(large);
  expect(boxOf([1, 1.5, 1.5, 1])).toBeUndefined();
});
