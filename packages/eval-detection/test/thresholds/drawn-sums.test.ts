import { drawUnits, seededRandom } from '@retinabench/core';
import { expect, test } from 'vitest';
import { drawnSums } from '../../src/thresholds/drawn-sums.js';

test('two columns that share a number are told apart: drawn 2, 0 and 1 times, 3 0 1 and 5 7 0 add up to 7 and 10', () => {
  const sums = new Float64Array(2);
  drawnSums([Float64Array.of(3, 0, 1), Float64Array.of(5, 7, 0)])(Uint32Array.of(2, 0, 1), sums);
  // 2 x 3 + 0 x 0 + 1 x 1 and 2 x 5 + 0 x 7 + 1 x 0.
  expect([...sums]).toEqual([7, 10]);
});

// 200 images of at most 2^21 take 29 bits, so that no two columns fit into 53; of at most 300 they take 16, so that three do.
test.each([1, 300, 2 ** 21, 2 ** 44])(
  '%d at most an image: the sums are those of whole numbers of any size',
  (most) => {
    const random = seededRandom(7);
    const images = 200;
    const columns = Array.from({ length: 11 }, (_, column) =>
      Float64Array.from({ length: images }, () => (column % 4 === 3 ? 0 : Math.floor(random() * (most + 1)))),
    );
    const sumDrawn = drawnSums(columns);
    const sums = new Float64Array(columns.length);
    for (let draw = 0; draw < 20; draw++) {
      const times = drawUnits(new Uint32Array(images), random);
      sumDrawn(times, sums);
      columns.forEach((values, column) => {
        const expected = values.reduce((sum, value, image) => sum + BigInt(times[image]) * BigInt(value), 0n);
        expect(BigInt(sums[column])).toBe(expected);
      });
    }
  },
);

test('an image that has all the counts, drawn as often as there are images, leaves no carry in the next column', () => {
  const [first, second] = [Float64Array.of(1000, 0, 0), Float64Array.of(0, 0, 1)];
  const sums = new Float64Array(3);
  drawnSums([first, second, first])(Uint32Array.of(3, 0, 0), sums);
  expect([...sums]).toEqual([3000, 0, 3000]);
});
