import type { Sharp } from 'sharp';

/** Largest image that is decoded, in pixels. */
const largestImagePx = 200_000_000;

/**
 * An image file to draw from, turned by its EXIF orientation as detectors see it; a damaged one gives what decodes.
 *
 * Its size as it stands upright is `(await image.metadata()).autoOrient`; `width` and `height` there are those of the file.
 */
export async function openUpright(file: string): Promise<Sharp> {
  const { default: sharp } = await import('sharp');
  return sharp(file, { failOn: 'none', autoOrient: true, limitInputPixels: largestImagePx });
}
