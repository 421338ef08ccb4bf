import type { RgbImage } from '@retinabench/backends';
import { resizeBilinear } from '@retinabench/core';
import type { CropPlan, CropSides } from '@retinabench/models';
import { alignFace } from './align-face.js';
import { type CropBox, cropImage } from './crop-image.js';
import { centresOfFivePoints, faceApiBox } from './face-api-box.js';
import type { LocatedFace } from './locate-face.js';

/**
 * Cut the crop of a face.
 *
 * @returns undefined if what is known of the face defines none.
 */
export function cutFace(image: RgbImage, face: LocatedFace, plan: CropPlan): RgbImage | undefined {
  if (plan.kind === 'points') return alignFace(image, face.points, plan);
  const box = plan.kind === 'square' ? squareOf(face, image) : boxWithMargin(face.box, plan.margin);
  const crop = box === undefined ? undefined : cropImage(image, box);
  return crop === undefined || plan.sides === undefined ? crop : resize(crop, plan.sides);
}

function squareOf({ points, centres, found }: LocatedFace, image: RgbImage): CropBox {
  return faceApiBox(centres ?? centresOfFivePoints(points), found ?? image);
}

/** The square around the middle of a box (x1, y1, x2, y2) that has its longer side, with a margin on each side. */
function boxWithMargin(box: ArrayLike<number> | undefined, margin: number): CropBox | undefined {
  if (box === undefined) return undefined;
  const [x1, y1, x2, y2] = Array.from(box);
  const side = Math.max(x2 - x1, y2 - y1) * (1 + 2 * margin);
  return { x: (x1 + x2 - side) / 2, y: (y1 + y2 - side) / 2, widthPx: side, heightPx: side };
}

function resize(crop: RgbImage, { widthPx, heightPx }: CropSides): RgbImage {
  if (crop.widthPx === widthPx && crop.heightPx === heightPx) return crop;
  const geometry = { sourceWidthPx: crop.widthPx, sourceHeightPx: crop.heightPx, widthPx, heightPx };
  return { widthPx, heightPx, data: resizeBilinear(crop.data, geometry, new Uint8Array(widthPx * heightPx * 3)) };
}
