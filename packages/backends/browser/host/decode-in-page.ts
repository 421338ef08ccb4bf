import { PixelReader, type RgbImage } from '@retinabench/backends/browser';
import { DatasetError } from '@retinabench/core';

const reader = new PixelReader();

/**
 * Decode as the browser does: the EXIF orientation is applied, a colour profile is not. Its decoders are not those of sharp, so
 * that pixels may differ; where there is transparency, colours come back rounded from having been multiplied by it.
 *
 * @throws {DatasetError} if the browser does not decode the file.
 */
export async function decodeInPage(file: Uint8Array<ArrayBuffer>, place: string): Promise<RgbImage> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(new Blob([file]), {
      colorSpaceConversion: 'none',
      imageOrientation: 'from-image',
    });
  } catch (cause) {
    throw new DatasetError(
      `${place}: expected an image that this browser decodes, got: ${(cause as Error).message}; replace the file, or leave --decode browser out`,
    );
  }
  try {
    return reader.read(bitmap);
  } finally {
    bitmap.close();
  }
}
