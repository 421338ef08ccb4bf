import type { RgbImage } from '@retinabench/backends';
import { arcfacePoints, arcfaceSidePx, estimateSimilarity, warpAffine } from '@retinabench/core';
import type { Face } from './face.js';

/**
 * Cut a face out of an image with a margin around its box, as far as it lies in the image.
 *
 * @param margin share of the box's width and height that is added on each side.
 * @returns undefined if nothing of it lies in the image.
 */
export function cropFace(image: RgbImage, { boxXywh: [x, y, w, h] }: Face, margin: number): RgbImage | undefined {
  const left = Math.max(0, Math.floor(x - w * margin));
  const top = Math.max(0, Math.floor(y - h * margin));
  const widthPx = Math.min(image.widthPx, Math.ceil(x + w + w * margin)) - left;
  const heightPx = Math.min(image.heightPx, Math.ceil(y + h + h * margin)) - top;
  if (!(widthPx > 0 && heightPx > 0)) return undefined;
  const data = new Uint8Array(widthPx * heightPx * 3);
  for (let row = 0; row < heightPx; row++) {
    const from = ((top + row) * image.widthPx + left) * 3;
    data.set(image.data.subarray(from, from + widthPx * 3), row * widthPx * 3);
  }
  return { widthPx, heightPx, data };
}

/**
 * The 112 x 112 crop that ArcFace and its kin take: the five points turned upright, drawn bilinearly on black.
 *
 * @returns undefined if the face has no landmarks, or they define no transform.
 */
export function alignFace(image: RgbImage, { landmarks }: Face): RgbImage | undefined {
  if (landmarks === undefined) return undefined;
  const estimate = estimateSimilarity(landmarks.flat(), arcfacePoints);
  if (!estimate.found) return undefined;
  const sides = { widthPx: arcfaceSidePx, heightPx: arcfaceSidePx };
  return { ...sides, data: warpAffine(image.data, image, estimate.transform, sides) };
}
