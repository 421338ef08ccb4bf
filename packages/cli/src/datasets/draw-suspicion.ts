import type { Annotations } from '@retinabench/annotations';
import { DatasetError } from '@retinabench/core';
import type { Suspicion } from '@retinabench/eval-detection';

/** Side of a picture, and how many times the longer side of the box it shows. */
const [sidePx, around] = [480, 5] as const;

/** Least side of what is shown, so that a small face has surroundings. */
const leastPx = 120;

/**
 * A cut of the image around a suspect box: it in red, annotated faces in green.
 *
 * @param file of the image.
 * @returns a PNG.
 * @throws {DatasetError} if the file is no image.
 */
export async function drawSuspicion(
  file: string,
  { start, boxesXywh }: Annotations,
  { image, boxXywh: [x, y, w, h] }: Suspicion,
): Promise<Uint8Array> {
  try {
    const { default: sharp } = await import('sharp');
    const { data, info } = await sharp(file, { failOn: 'none', autoOrient: true })
      .removeAlpha()
      .toColourspace('srgb')
      .png({ compressionLevel: 0 })
      .toBuffer({ resolveWithObject: true });
    const side = Math.min(Math.max(leastPx, around * Math.max(w, h)), Math.max(info.width, info.height));
    const left = Math.round(clamp(x + w / 2 - side / 2, 0, Math.max(0, info.width - side)));
    const top = Math.round(clamp(y + h / 2 - side / 2, 0, Math.max(0, info.height - side)));
    const [width, height] = [
      Math.min(Math.round(side), info.width - left),
      Math.min(Math.round(side), info.height - top),
    ];
    const scale = sidePx / Math.max(width, height);
    const rect = (box: ArrayLike<number>, colour: string): string =>
      `<rect x="${(box[0] - left) * scale}" y="${(box[1] - top) * scale}" width="${box[2] * scale}" height="${box[3] * scale}" fill="none" stroke="${colour}" stroke-width="2"/>`;
    const annotated = Array.from({ length: start[image + 1] - start[image] }, (_, at) => {
      const face = start[image] + at;
      return rect(boxesXywh.subarray(4 * face, 4 * face + 4), '#30d158');
    });
    const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
    const overlay = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">${annotated.join('')}${rect([x, y, w, h], '#ff3b30')}</svg>`;
    const cut = await sharp(data)
      .extract({ left, top, width, height })
      .resize({ ...size, fit: 'fill' })
      .png()
      .toBuffer();
    return await sharp(cut)
      .composite([{ input: Buffer.from(overlay) }])
      .png()
      .toBuffer();
  } catch (cause) {
    throw new DatasetError(`${file}: expected an image to draw (${(cause as Error).message})`, { cause });
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
