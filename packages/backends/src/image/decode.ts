import { DatasetError } from '@retinabench/core';
import sharp from 'sharp';
import type { RgbImage } from './image.js';

/** Largest image that is decoded, in pixels: a header that claims more is refused before any memory is asked for. */
const largestImagePx = 200_000_000;

/**
 * Decode a JPEG, PNG or any other format of libvips to RGB, with the pixels that OpenCV's `imread` gives: the EXIF
 * orientation is applied, an embedded colour profile is not, transparency is dropped.
 *
 * @param file path, or the bytes of the file.
 * @param place the file's name, for messages.
 * @throws {DatasetError} if the file is missing, truncated, corrupt, no image or larger than 200 megapixels.
 */
export async function decodeImage(file: string | Uint8Array, place: string): Promise<RgbImage> {
  try {
    const { data, info } = await sharp(file, {
      ignoreIcc: true,
      autoOrient: true,
      failOn: 'truncated',
      limitInputPixels: largestImagePx,
    })
      .removeAlpha()
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return {
      widthPx: info.width,
      heightPx: info.height,
      data: new Uint8Array(data.buffer, data.byteOffset, data.length),
    };
  } catch (cause) {
    throw new DatasetError(
      `${place}: expected an image that decodes (JPEG, PNG, WebP), got: ${(cause as Error).message}; replace the file or leave it out`,
      { cause },
    );
  }
}
