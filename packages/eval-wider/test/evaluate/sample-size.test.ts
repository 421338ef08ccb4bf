import { expect, test } from 'vitest';
import { warnOfFewImages } from '../../src/evaluate/sample-size.js';

test('three of the images, or as many as there are, may not show', () => {
  // 3 / 6 is 50 %; of 1 image there are not 3.
  expect(warnOfFewImages(6)).toContain('what befalls up to 3/6 of the images (50 %) may not show');
  expect(warnOfFewImages(2)).toContain('AP of 2 images: below 200');
  expect(warnOfFewImages(2)).toContain('up to 2/2 of the images (100 %)');
  expect(warnOfFewImages(1)).toContain('AP of 1 image: below 200');
  expect(warnOfFewImages(1)).toContain('up to 1/1 of the images (100 %)');
  expect(warnOfFewImages(200)).toBeUndefined();
});
