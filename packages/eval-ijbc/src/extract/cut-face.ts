import type { RgbImage } from '@retinabench/backends';
import { alignFace } from './align-face.js';
import { cropImage } from './crop-image.js';
import { centresOfFivePoints, faceApiBox } from './face-api-box.js';
import type { LocatedFace } from './locate-face.js';

/**
 * How the crop for the embedder is cut: `arcface` turns five points upright into 112 x 112, `face-api` cuts an upright
 * square around eyes and mouth.
 */
export type Alignment = 'arcface' | 'face-api';

/**
 * Cut the crop of a face.
 *
 * @returns undefined if the points define none.
 */
export function cutFace(image: RgbImage, face: LocatedFace, alignment: Alignment): RgbImage | undefined {
  if (alignment === 'arcface') return alignFace(image, face.points);
  const { centres = centresOfFivePoints(face.points), found = image } = face;
  return cropImage(image, faceApiBox(centres, found));
}
