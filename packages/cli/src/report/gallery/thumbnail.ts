import { DatasetError } from '@retinabench/core';
import { cutFace } from '../../page/cut-face.js';
import { openUpright } from '../../page/open-upright.js';

/** Longer side of a thumbnail. */
const thumbnailPx = 720;
/** Side of a cut-out face. */
const cropPx = 96;

/** A picture made small for the page. */
export interface Thumbnail {
  /** JPEG as a data URL. */
  readonly url: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Thumbnail pixels per pixel of the image. */
  readonly scale: number;
}

/**
 * A small copy of an image, upright, as the detectors saw it.
 *
 * @throws {DatasetError} if the file is no image.
 */
export async function makeThumbnail(file: string): Promise<Thumbnail> {
  try {
    const image = await openUpright(file);
    const { width } = (await image.metadata()).autoOrient;
    const { data, info } = await image
      .resize({ width: thumbnailPx, height: thumbnailPx, fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality: 68, mozjpeg: true })
      .toBuffer({ resolveWithObject: true });
    return { url: dataUrl(data), widthPx: info.width, heightPx: info.height, scale: info.width / width };
  } catch (cause) {
    throw noImage(file, cause as Error);
  }
}

/**
 * A face cut out of an image with half its size around it.
 *
 * @returns a JPEG of 96 x 96 pixels as a data URL; undefined if the box lies outside the image.
 * @throws {DatasetError} if the file is no image.
 */
export async function makeCrop(
  file: string,
  boxXywh: readonly [number, number, number, number],
): Promise<string | undefined> {
  try {
    const jpeg = await cutFace(file, boxXywh, cropPx, { quality: 70, mozjpeg: true });
    return jpeg && dataUrl(jpeg);
  } catch (cause) {
    throw noImage(file, cause as Error);
  }
}

function dataUrl(jpeg: Buffer): string {
  return `data:image/jpeg;base64,${jpeg.toString('base64')}`;
}

function noImage(file: string, cause: Error): DatasetError {
  return new DatasetError(`${file}: expected an image for the gallery (${cause.message}); replace the file`, { cause });
}
