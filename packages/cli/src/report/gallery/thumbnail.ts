import { DatasetError } from '@retinabench/core';

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
 * A small copy of an image, unrotated, as the detectors saw it.
 *
 * @throws {DatasetError} if the file is no image.
 */
export async function makeThumbnail(file: string): Promise<Thumbnail> {
  try {
    const { default: sharp } = await import('sharp');
    const image = sharp(file, { failOn: 'none' });
    const { width } = await image.metadata();
    const { data, info } = await image
      .resize({ width: thumbnailPx, height: thumbnailPx, fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality: 68, mozjpeg: true })
      .toBuffer({ resolveWithObject: true });
    return { url: dataUrl(data), widthPx: info.width, heightPx: info.height, scale: info.width / width };
  } catch (cause) {
    throw new DatasetError(`${file}: expected an image for the gallery (${(cause as Error).message})`, { cause });
  }
}

/**
 * A face cut out of an image with half its size around it.
 *
 * @returns a JPEG of 96 x 96 pixels as a data URL; undefined if the box lies outside the image.
 * @throws {DatasetError} if the file is no image.
 */
export async function cutFace(
  file: string,
  [x, y, w, h]: readonly [number, number, number, number],
): Promise<string | undefined> {
  try {
    const { default: sharp } = await import('sharp');
    const { width, height } = await sharp(file, { failOn: 'none' }).metadata();
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
    const data = await sharp(file, { failOn: 'none' })
      .extract(region)
      .resize({ width: cropPx, height: cropPx, fit: 'cover' })
      .jpeg({ quality: 70, mozjpeg: true })
      .toBuffer();
    return dataUrl(data);
  } catch (cause) {
    throw new DatasetError(`${file}: expected an image for the gallery (${(cause as Error).message})`, { cause });
  }
}

function dataUrl(jpeg: Buffer): string {
  return `data:image/jpeg;base64,${jpeg.toString('base64')}`;
}
