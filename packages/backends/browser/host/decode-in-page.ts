import type { RgbImage } from '@retinabench/backends/browser';
import { DatasetError } from '@retinabench/core';

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
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null)
    throw new DatasetError(`${place}: a canvas of ${width} x ${height} cannot be had in this browser`);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const rgba = context.getImageData(0, 0, width, height).data;
  const data = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    data[to] = rgba[from];
    data[to + 1] = rgba[from + 1];
    data[to + 2] = rgba[from + 2];
  }
  return { widthPx: width, heightPx: height, data };
}
