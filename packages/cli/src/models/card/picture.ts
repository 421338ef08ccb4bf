import type { DraftImage, FaceEvidence } from '@retinabench/backends';

/** Photographs on the picture, two by two. */
const shownImages = 4;
const tileWidthPx = 640;
const tileHeightPx = 440;
/** Detections below it are not drawn. */
const leastScore = 0.3;

/**
 * Draw what a draft finds on the photographs: annotated faces in green, detections with their scores in red.
 *
 * @returns a JPEG of 1280 x 880 pixels.
 */
export async function draftPicture(images: readonly DraftImage[], evidence: FaceEvidence): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  const tiles = await Promise.all(
    images.slice(0, shownImages).map(async (image, index) => ({
      input: await tile(image, evidence.detections[index]),
      left: (index % 2) * tileWidthPx,
      top: Math.floor(index / 2) * tileHeightPx,
    })),
  );
  const canvas = { width: 2 * tileWidthPx, height: 2 * tileHeightPx, channels: 3 as const, background: '#222' };
  return sharp({ create: canvas }).composite(tiles).jpeg({ quality: 85 }).toBuffer();
}

async function tile({ image, boxesXyxy }: DraftImage, found: FaceEvidence['detections'][number]): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  const { widthPx, heightPx, data } = image;
  const scale = Math.min(tileWidthPx / widthPx, tileHeightPx / heightPx);
  const [width, height] = [Math.floor(widthPx * scale), Math.floor(heightPx * scale)];
  const box = (boxes: Float32Array, row: number, colour: string): string => {
    const [x1, y1, x2, y2] = Array.from(boxes.subarray(row * 4, row * 4 + 4), (value) => value * scale);
    return `<rect x="${x1}" y="${y1}" width="${Math.max(x2 - x1, 0)}" height="${Math.max(y2 - y1, 0)}" fill="none" stroke="${colour}" stroke-width="2"/>`;
  };
  const truth = Array.from({ length: boxesXyxy.length / 4 }, (_, row) => box(boxesXyxy, row, '#2c2'));
  const detections = Array.from(found.scores).flatMap((score, row) => {
    if (score < leastScore) return [];
    const [x, y] = [found.boxesXyxy[row * 4] * scale, found.boxesXyxy[row * 4 + 1] * scale];
    return [
      box(found.boxesXyxy, row, '#e33'),
      `<text x="${x}" y="${Math.max(y - 4, 12)}" font-size="13" font-family="sans-serif" fill="#e33">${score.toFixed(2)}</text>`,
    ];
  });
  const overlay = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${[...truth, ...detections].join('')}</svg>`;
  return sharp(data, { raw: { width: widthPx, height: heightPx, channels: 3 } })
    .resize(width, height, { fit: 'fill' })
    .composite([{ input: Buffer.from(overlay), left: 0, top: 0 }])
    .png()
    .toBuffer();
}
