import type { JpegOptions } from 'sharp';
import { openUpright } from './open-upright.js';

/**
 * A face cut out of an image with half its longer side around it; a face below 8 pixels counts as one of 8.
 *
 * @param boxXywh in pixels of the upright image.
 * @param sidePx of the square that the cut is scaled to fill.
 * @returns a JPEG; undefined if nothing of the cut lies in the image.
 * @throws {Error} of libvips if the file does not decode.
 */
export async function cutFace(
  file: string,
  [x, y, w, h]: Iterable<number>,
  sidePx: number,
  options: JpegOptions,
): Promise<Buffer | undefined> {
  const image = await openUpright(file);
  const { width, height } = (await image.metadata()).autoOrient;
  const side = 2 * Math.max(w, h, 8);
  const left = Math.max(0, Math.round(x + w / 2 - side / 2));
  const top = Math.max(0, Math.round(y + h / 2 - side / 2));
  const region = {
    left,
    top,
    width: Math.round(Math.min(side, width - left)),
    height: Math.round(Math.min(side, height - top)),
  };
  if (region.width < 1 || region.height < 1) return undefined;
  return image.extract(region).resize({ width: sidePx, height: sidePx, fit: 'cover' }).jpeg(options).toBuffer();
}
