import type { RgbImage } from '@retinabench/backends';

/** A rectangle in pixels of an image. */
export interface CropBox {
  readonly x: number;
  readonly y: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * Cut a rectangle out of an image, as far as it lies in it; corner and sides are rounded down to whole pixels.
 *
 * @returns undefined if nothing of it lies in the image.
 * Source: Box.clipAtImageBorders of @vladmandic/face-api.
 */
export function cropImage(image: RgbImage, box: CropBox): RgbImage | undefined {
  const left = Math.max(box.x, 0);
  const top = Math.max(box.y, 0);
  const x = Math.floor(left);
  const y = Math.floor(top);
  const widthPx = Math.floor(Math.min(box.x + box.widthPx - left, image.widthPx - left));
  const heightPx = Math.floor(Math.min(box.y + box.heightPx - top, image.heightPx - top));
  if (!(widthPx > 0 && heightPx > 0)) return undefined;
  const data = new Uint8Array(widthPx * heightPx * 3);
  for (let row = 0; row < heightPx; row++) {
    const from = ((y + row) * image.widthPx + x) * 3;
    data.set(image.data.subarray(from, from + widthPx * 3), row * widthPx * 3);
  }
  return { widthPx, heightPx, data };
}
