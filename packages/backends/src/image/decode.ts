import { readFile } from 'node:fs/promises';
import { DatasetError, readImageHeader, refuseLfsPointer } from '@retinabench/core';
import type { Sharp } from 'sharp';
import type { RgbImage } from './image.js';
import { loadSharp } from './load-sharp.js';

/** Largest image that is decoded, in pixels: a header that claims more is refused before any memory is asked for. */
const largestImagePx = 200_000_000;

/**
 * Most pixels that a byte of a file may claim: a JPEG needs a bit for a block of 64, PNG packs at most 8,256 into one.
 * What claims more is a header without an image, which would cost the memory of one.
 */
const mostPixelsPerByte = 50_000;

/** Formats of pixels; libvips also draws SVG, which is a program and no photograph. */
const formats: ReadonlySet<string | undefined> = new Set(['jpeg', 'png', 'webp', 'gif', 'tiff', 'heif']);

/**
 * Decode a JPEG, PNG, WebP, GIF, TIFF or AVIF to RGB, with the pixels that OpenCV's `imread` gives: the EXIF
 * orientation is applied, an embedded colour profile is not, transparency is dropped.
 *
 * @param file path, or the bytes of the file.
 * @param place the file's name, for messages.
 * @throws {DatasetError} if the file is missing, truncated, corrupt, no image, a Git LFS pointer, larger than 200 megapixels, or claims
 * more than 50,000 pixels for each of its bytes.
 */
export async function decodeImage(file: string | Uint8Array, place: string): Promise<RgbImage> {
  try {
    const bytes = refuseLfsPointer(typeof file === 'string' ? await readFile(file) : file, place);
    const image = loadSharp()(bytes, {
      ignoreIcc: true,
      autoOrient: true,
      failOn: 'truncated',
      limitInputPixels: largestImagePx,
    });
    await assertPlausible(bytes, image);
    const { data, info } = await image
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
    if (cause instanceof DatasetError) throw cause;
    throw new DatasetError(
      `${place}: expected an image that decodes (JPEG, PNG, WebP), got: ${(cause as Error).message}; replace the file or leave it out`,
      { cause },
    );
  }
}

/** JPEG and PNG, nearly all there is, are told by their first bytes; libvips is asked about the rest. */
async function assertPlausible(bytes: Uint8Array, image: Sharp): Promise<void> {
  const header = readImageHeader(bytes);
  const { format, width, height } =
    header === undefined
      ? await image.metadata()
      : { format: header.format, width: header.widthPx, height: header.heightPx };
  if (!formats.has(format)) throw new Error(`a file of the format ${format}`);
  if (width * height > mostPixelsPerByte * bytes.length) {
    throw new Error(`a header that claims ${width} x ${height} pixels in a file of ${bytes.length} bytes`);
  }
}
