import type { ImageSides } from '@retinabench/core';
import type { CropBox } from './crop-image.js';

/** Distance from eyes to mouth as a share of the side of the square. */
const eyesToMouth = 0.45;
/** Where the mean of the three centres lies in the square. */
const centreX = 0.5;
const centreY = 0.43;

/**
 * The square that @vladmandic/face-api cuts out for its recognition network: dlib's rule on the centres of both eyes and
 * the mouth, without rotation.
 *
 * @param centres [3, 2]: centre of the left eye, the right eye and the mouth, in pixels of the image.
 * @param found   sides of the crop in which the landmarks were found; like the package, the square is cut where it is
 * wider than that crop plus its own offset.
 * Source: FaceLandmarks.alignDlib of the package.
 */
export function faceApiBox(centres: ArrayLike<number>, found: ImageSides): CropBox {
  const [leftX, leftY, rightX, rightY, mouthX, mouthY] = Array.from(centres);
  const distance = (Math.hypot(mouthX - leftX, mouthY - leftY) + Math.hypot(mouthX - rightX, mouthY - rightY)) / 2;
  const side = Math.floor(distance / eyesToMouth);
  const x = Math.floor(Math.max(0, (leftX + rightX + mouthX) / 3 - centreX * side));
  const y = Math.floor(Math.max(0, (leftY + rightY + mouthY) / 3 - centreY * side));
  return { x, y, widthPx: Math.min(side, found.widthPx + x), heightPx: Math.min(side, found.heightPx + y) };
}

/** The three centres of five points: both eyes, and the middle between the mouth corners. */
export function centresOfFivePoints(points: ArrayLike<number>): number[] {
  return [points[0], points[1], points[2], points[3], (points[6] + points[8]) / 2, (points[7] + points[9]) / 2];
}
