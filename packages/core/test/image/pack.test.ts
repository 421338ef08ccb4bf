import fc from 'fast-check';
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

  test('takes four pixels at a time where the width allows, channel by channel', () => {
    // Pixels (1, 2, 3), (4, 5, 6), (7, 8, 9), (10, 11, 12).
    const four = Uint8Array.from({ length: 12 }, (_, i) => i + 1);
    const out = packImage(four, { ...options, widthPx: 4, inputWidthPx: 4 }, new Float32Array(12));
    expect([...out]).toEqual([1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12]);
  });

  test('gives of bytes what it gives of the same grey levels as float32, whatever the geometry', () => {
    const geometry = fc.record({
      widthPx: fc.integer({ min: 1, max: 17 }),
      heightPx: fc.integer({ min: 1, max: 5 }),
      offsetXPx: fc.nat(3),
      offsetYPx: fc.nat(3),
      moreX: fc.nat(3),
      moreY: fc.nat(3),
      colourOrder: fc.constantFrom('rgb' as const, 'bgr' as const),
      layout: fc.constantFrom('NCHW' as const, 'NHWC' as const),
      mirror: fc.boolean(),
      startByte: fc.nat(7),
      seed: fc.nat(255),
    });
    fc.assert(
      fc.property(geometry, ({ moreX, moreY, startByte, seed, ...some }) => {
        const samples = some.widthPx * some.heightPx * 3;
        const bytes = new Uint8Array(samples + startByte).subarray(startByte);
        bytes.forEach((_, i) => {
          bytes[i] = (i * 89 + seed) % 256;
        });
        const all: PackOptions = {
          ...some,
          inputWidthPx: some.widthPx + some.offsetXPx + moreX,
          inputHeightPx: some.heightPx + some.offsetYPx + moreY,
          mean: [104, 117.5, 123.25],
          scale: [1 / 127.5, 0.3, 1],
          padValue: 7,
        };
        const length = all.inputWidthPx * all.inputHeightPx * 3;
        expect(packImage(bytes, all, new Float32Array(length))).toEqual(
          packImage(Float32Array.from(bytes), all, new Float32Array(length)),
        );
      }),
      { seed: 11, numRuns: 500 },
    );
  });

  test('rejects an image that does not fit', () => {
    expect(() => packImage(image, { ...options, offsetXPx: 1 }, new Float32Array(6))).toThrow(/does not fit/);
    expect(() => packImage(image.subarray(1), options, new Float32Array(6))).toThrow(ShapeError);
    expect(() => packImage(image, options, new Float32Array(7))).toThrow(ShapeError);
  });
});
