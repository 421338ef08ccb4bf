import { ShapeError } from '../errors.js';
import { arcfacePoints } from './arcface.js';
import type { ImageSides } from './warp.js';

/** The crops that five points are brought to by name. */
export const cropTemplates = ['arcface', 'sphereface'] as const;
export type CropTemplate = (typeof cropTemplates)[number];

/** Sides of SphereFace's crop, in pixels. */
const spherefaceWidthPx = 96;
const spherefaceHeightPx = 112;
/** ArcFace's template is that of SphereFace in a square: eight pixels are added on the left and on the right. */
const arcfaceMarginPx = 8;

/**
 * Where left eye, right eye, nose tip, left and right mouth corner go in a crop of these sides.
 *
 * `arcface`: squares whose side is a multiple of 112, the points in proportion; or of 128, to which 8 px in 128 are added on
 * the left and on the right, as the public ArcFace code does. `sphereface`: 96 x 112 and its multiples, for SphereFace,
 * CosFace and their kin.
 *
 * @returns [5, 2] (x, y), in pixels of the crop.
 * @throws {ShapeError} if the template has no crop of these sides.
 * Source: `estimate_norm` of the public ArcFace code (112 and 128); the alignment of the public SphereFace code (96 x 112),
 * whose points are those of ArcFace less 8 px in x.
 */
export function cropTemplatePoints(template: CropTemplate, { widthPx, heightPx }: ImageSides): readonly number[] {
  if (template === 'sphereface') {
    const ratio = widthPx / spherefaceWidthPx;
    if (!Number.isInteger(ratio) || ratio < 1 || heightPx !== ratio * spherefaceHeightPx) {
      throw refuse(template, '96 x 112 or a multiple of it', widthPx, heightPx);
    }
    return arcfacePoints.map((value, i) => (i % 2 === 0 ? value - arcfaceMarginPx : value) * ratio);
  }
  const isSquare = widthPx === heightPx && widthPx > 0;
  if (isSquare && widthPx % 112 === 0) return arcfacePoints.map((value) => value * (widthPx / 112));
  if (isSquare && widthPx % 128 === 0) {
    const ratio = widthPx / 128;
    return arcfacePoints.map((value, i) => (i % 2 === 0 ? value + arcfaceMarginPx : value) * ratio);
  }
  throw refuse(template, 'a square whose side is a multiple of 112 or 128', widthPx, heightPx);
}

function refuse(template: CropTemplate, expected: string, widthPx: number, heightPx: number): ShapeError {
  return new ShapeError(
    `crop template ${template}: expected ${expected}, got ${widthPx} x ${heightPx}; give the five points themselves`,
  );
}
