import { describe, expect, test } from 'vitest';
import { type PackOptions, packImage, ShapeError } from '../../src/index.js';

/** A 2 x 1 image: pixel (10, 20, 30), pixel (40, 50, 60). */
const image = Uint8Array.from([10, 20, 30, 40, 50, 60]);

const options: PackOptions = {
  widthPx: 2,
  heightPx: 1,
  inputWidthPx: 2,
  inputHeightPx: 1,
  offsetXPx: 0,
  offsetYPx: 0,
  layout: 'NCHW',
  colourOrder: 'rgb',
  mean: [0, 0, 0],
  scale: [1, 1, 1],
  padValue: 0,
  mirror: false,
};

describe('packImage', () => {
  test('writes planes in the order of the channels', () => {
    expect([...packImage(image, options, new Float32Array(6))]).toEqual([10, 40, 20, 50, 30, 60]);
    expect([...packImage(image, { ...options, colourOrder: 'bgr' }, new Float32Array(6))]).toEqual([
      30, 60, 20, 50, 10, 40,
    ]);
  });

  test('keeps pixels together in NHWC', () => {
    const nhwc = packImage(image, { ...options, layout: 'NHWC', colourOrder: 'bgr' }, new Float32Array(6));
    expect([...nhwc]).toEqual([30, 20, 10, 60, 50, 40]);
  });

  test('subtracts the mean, then multiplies, channel by channel in the order of colourOrder', () => {
    // Blue: (30 - 10) * 2 = 40 and (60 - 10) * 2 = 100; green: (20 - 20) * 1, (50 - 20) * 1; red: (10 - 0) * 0.5, 40 * 0.5.
    const out = packImage(
      image,
      { ...options, colourOrder: 'bgr', mean: [10, 20, 0], scale: [2, 1, 0.5] },
      new Float32Array(6),
    );
    expect([...out]).toEqual([40, 100, 0, 30, 5, 20]);
  });

  test('mirrors left to right', () => {
    expect([...packImage(image, { ...options, mirror: true }, new Float32Array(6))]).toEqual([40, 10, 50, 20, 60, 30]);
  });

  test('pads with the grey level as the network sees it, around the offset', () => {
    // Red plane of a 3 x 2 input with the image at (1, 1): padding (5 - 1) * 2 = 8, pixels (10 - 1) * 2 and (40 - 1) * 2.
    const out = packImage(
      image,
      {
        ...options,
        inputWidthPx: 3,
        inputHeightPx: 2,
        offsetXPx: 1,
        offsetYPx: 1,
        mean: [1, 1, 1],
        scale: [2, 2, 2],
        padValue: 5,
      },
      new Float32Array(18).fill(Number.NaN),
    );
    expect([...out.subarray(0, 6)]).toEqual([8, 8, 8, 8, 18, 78]);
    expect(out.some(Number.isNaN)).toBe(false);
  });

  test('rejects an image that does not fit', () => {
    expect(() => packImage(image, { ...options, offsetXPx: 1 }, new Float32Array(6))).toThrow(/does not fit/);
    expect(() => packImage(image.subarray(1), options, new Float32Array(6))).toThrow(ShapeError);
    expect(() => packImage(image, options, new Float32Array(7))).toThrow(ShapeError);
  });
});
