import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { resizeBilinear, ShapeError } from '../../src/index.js';

interface Golden {
  readonly input: { readonly widthPx: number; readonly heightPx: number; readonly data: readonly number[] };
  readonly expected: readonly {
    readonly widthPx: number;
    readonly heightPx: number;
    readonly fx?: number;
    readonly float: readonly number[];
    readonly uint8: readonly number[];
  }[];
}

const golden = JSON.parse(readFileSync(new URL('../golden/resize-opencv.json', import.meta.url), 'utf8')) as Golden;
const source = Uint8Array.from(golden.input.data);

describe('resizeBilinear', () => {
  for (const { widthPx, heightPx, fx, float, uint8 } of golden.expected) {
    const steps = fx === undefined ? {} : { stepX: 1 / fx, stepY: 1 / fx };
    const geometry = {
      sourceWidthPx: golden.input.widthPx,
      sourceHeightPx: golden.input.heightPx,
      widthPx,
      heightPx,
      ...steps,
    };
    const title = `${fx === undefined ? '' : `fx ${fx}: `}9 x 6 to ${widthPx} x ${heightPx}`;

    test(`equals OpenCV's INTER_LINEAR on a float image, ${title}`, () => {
      const out = resizeBilinear(source, geometry, new Float32Array(widthPx * heightPx * 3));
      out.forEach((value, at) => {
        expect(Math.abs(value - float[at])).toBeLessThan(1e-3);
      });
    });

    test(`is within one grey level of OpenCV's fixed-point result, ${title}`, () => {
      const out = resizeBilinear(source, geometry, new Uint8Array(widthPx * heightPx * 3));
      out.forEach((value, at) => {
        expect(Math.abs(value - uint8[at])).toBeLessThanOrEqual(1);
      });
    });
  }

  test('copies an image whose sides stay, whatever the factor that they were rounded from', () => {
    // cv2.resize(image, None, fx=0.98388, fy=0.98388) of 19 x 2 (OpenCV 5.0.0): round(18.69) = 19, round(1.97) = 2, a copy.
    const image = Uint8Array.from({ length: 19 * 2 * 3 }, (_, at) => (at * 37) % 256);
    const sides = { sourceWidthPx: 19, sourceHeightPx: 2, widthPx: 19, heightPx: 2 };
    const steps = { stepX: 1 / 0.98388, stepY: 1 / 0.98388 };
    expect([...resizeBilinear(image, { ...sides, ...steps }, new Float32Array(image.length))]).toEqual([...image]);
    expect([...resizeBilinear(image, { ...sides, ...steps }, new Uint8Array(image.length))]).toEqual([...image]);
  });

  test('interpolates between half-pixel centres: 2 columns to 4', () => {
    // Output centres lie at (x + 0.5) / 2 - 0.5 = -0.25, 0.25, 0.75, 1.25 source pixels; the ends are clamped to 0 and 1.
    const out = resizeBilinear(
      Uint8Array.from([0, 0, 0, 100, 100, 100]),
      { sourceWidthPx: 2, sourceHeightPx: 1, widthPx: 4, heightPx: 1 },
      new Float32Array(12),
    );
    expect([out[0], out[3], out[6], out[9]]).toEqual([0, 25, 75, 100]);
  });

  test('gives a one-colour image back at any size', () => {
    const grey = new Uint8Array(5 * 4 * 3).fill(77);
    const out = resizeBilinear(
      grey,
      { sourceWidthPx: 5, sourceHeightPx: 4, widthPx: 13, heightPx: 3 },
      new Float32Array(13 * 3 * 3),
    );
    expect(new Set(out)).toEqual(new Set([77]));
  });

  test('rejects sides that are not positive integers and lengths that do not fit', () => {
    const geometry = { sourceWidthPx: 2, sourceHeightPx: 1, widthPx: 1, heightPx: 1 };
    expect(() => resizeBilinear(new Uint8Array(5), geometry, new Float32Array(3))).toThrow(ShapeError);
    expect(() => resizeBilinear(new Uint8Array(6), { ...geometry, widthPx: 0.5 }, new Float32Array(3))).toThrow(
      /out: expected positive whole sides, got 0.5 x 1/,
    );
  });
});
