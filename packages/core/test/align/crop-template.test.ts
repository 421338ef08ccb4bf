import { describe, expect, it } from 'vitest';
import { arcfacePoints, cropTemplatePoints, ShapeError } from '../../src/index.js';

const square = (sidePx: number) => ({ widthPx: sidePx, heightPx: sidePx });
const rounded = (values: readonly number[]) => values.map((value) => Math.round(value * 1e4) / 1e4);

describe('cropTemplatePoints(template, sides)', () => {
  it('are the published points of ArcFace at 112, and in proportion at its multiples', () => {
    expect(cropTemplatePoints('arcface', square(112))).toEqual(arcfacePoints);
    expect(cropTemplatePoints('arcface', square(224))).toEqual(arcfacePoints.map((value) => 2 * value));
  });

  it('are moved right by 8 in 128 at 128 and its multiples', () => {
    // Left eye (38.2946 + 8, 51.6963) at 128, twice that at 256.
    expect(rounded(cropTemplatePoints('arcface', square(128)).slice(0, 2))).toEqual([46.2946, 51.6963]);
    expect(rounded(cropTemplatePoints('arcface', square(256)).slice(0, 2))).toEqual([92.5892, 103.3926]);
  });

  it("are the published points of SphereFace's 96 x 112", () => {
    // As the public code has them, (x, y) by point.
    expect(rounded(cropTemplatePoints('sphereface', { widthPx: 96, heightPx: 112 }))).toEqual([
      ...[30.2946, 51.6963, 65.5318, 51.5014, 48.0252],
      ...[71.7366, 33.5493, 92.3655, 62.7299, 92.2041],
    ]);
  });

  it.each([
    ['arcface', { widthPx: 160, heightPx: 160 }],
    ['arcface', { widthPx: 96, heightPx: 112 }],
    ['arcface', square(0)],
    ['sphereface', square(112)],
    ['sphereface', { widthPx: 96, heightPx: 224 }],
  ] as const)('%s has none of %j', (template, sides) => {
    expect(() => cropTemplatePoints(template, sides)).toThrow(ShapeError);
  });
});
