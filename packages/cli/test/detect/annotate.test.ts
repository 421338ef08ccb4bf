import type { RgbImage } from '@retinabench/backends';
import { describe, expect, test } from 'vitest';
import { annotate, enlargement, fontPixel } from '../../src/detect/draw/annotate.js';
import { Canvas } from '../../src/detect/draw/canvas.js';

const grey = (widthPx: number, heightPx: number): RgbImage => ({
  widthPx,
  heightPx,
  data: new Uint8Array(widthPx * heightPx * 3).fill(128),
});
const pixel = ({ data, widthPx }: RgbImage, x: number, y: number): number[] => [
  ...data.subarray((y * widthPx + x) * 3, (y * widthPx + x) * 3 + 3),
];
const changed = (image: RgbImage): number[][] => {
  const found: number[][] = [];
  for (let y = 0; y < image.heightPx; y++) {
    for (let x = 0; x < image.widthPx; x++) if (pixel(image, x, y).some((value) => value !== 128)) found.push([x, y]);
  }
  return found;
};

describe('Canvas', () => {
  test('writes a 1 as its font has it', () => {
    const image = grey(6, 8);
    new Canvas(image).text('1', 0, 0, 1, [0, 0, 0]);
    // The columns of the font: 00 42 7f 40 00, the lowest bit on top.
    const rows = Array.from({ length: 7 }, (_, y) =>
      Array.from({ length: 5 }, (_, x) => (pixel(image, x, y)[0] === 0 ? '#' : '.')).join(''),
    );
    expect(rows).toEqual(['..#..', '.##..', '..#..', '..#..', '..#..', '..#..', '.###.']);
  });

  test('leaves out what lies outside the image', () => {
    const image = grey(4, 4);
    new Canvas(image).outline({ x: -10, y: 1, width: 30, height: 100 }, 1, [0, 0, 0]);
    expect(changed(image)).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
  });
});

describe('annotate', () => {
  test('draws the box where the face is, in the pixels of the enlarged picture', () => {
    const image = grey(1000, 600);
    annotate(image, [{ boxXywh: [100, 50, 200, 150], score: 0.95 }], 2);
    // Two pixels wide, half of them outside the edge: x = 200, y = 100, right edge at 600, lower edge at 400.
    for (const [x, y] of [
      [200, 250],
      [600, 250],
      [400, 100],
      [400, 400],
    ])
      expect(pixel(image, x, y)).toEqual([96, 240, 64]);
    expect(pixel(image, 400, 250)).toEqual([128, 128, 128]);
  });

  test.each([
    [50, 50],
    [640, 480],
    [6000, 4000],
  ])('a label on a picture of %d x %d is legible when it is fitted to a screen of 1280 x 960', (widthPx, heightPx) => {
    const enlarged = enlargement({ widthPx, heightPx });
    const picture = { widthPx: widthPx * enlarged, heightPx: heightPx * enlarged };
    const fitted = Math.min(1, 1280 / picture.widthPx, 960 / picture.heightPx);
    // Capitals are seven font pixels tall; below 9 px text is hard to read.
    expect(7 * fontPixel(picture) * fitted).toBeGreaterThanOrEqual(9);
  });

  test('no label covers another face', () => {
    const image = grey(600, 400);
    // Faces of 12 px in a grid without gaps: there is no room for a label between them.
    const faces = Array.from({ length: 100 }, (_, i) => ({
      boxXywh: [240 + (i % 10) * 12, 140 + Math.floor(i / 10) * 12, 12, 12] as const,
      score: 0.95,
    }));
    annotate(image, faces, 1);
    // The middle of a face in the middle of the grid stays as it is.
    expect(pixel(image, 240 + 5 * 12 + 6, 140 + 5 * 12 + 6)).toEqual([128, 128, 128]);
  });
});
