import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { faceApiFolder } from '../../src/node/embedded.js';

/** What test/golden/face-api.json says of one photograph. */
export interface GoldenImage {
  readonly file: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly ssd: readonly number[][];
  readonly tiny: readonly number[][];
  readonly faces: readonly {
    readonly crop: readonly [x: number, y: number, width: number, height: number];
    readonly landmarks: readonly number[];
    readonly descriptor: readonly number[];
  }[];
}

/** The package's own results on its sample photographs (tools/face-api-golden.mjs). */
export const goldenImages: readonly GoldenImage[] = (
  JSON.parse(readFileSync(new URL('../golden/face-api.json', import.meta.url), 'utf8')) as { images: GoldenImage[] }
).images;

/** A part of a sample photograph as [1, 3, height, width] RGB, each value (grey level - mean) x scale. */
export async function sampleInput(
  file: string,
  crop: readonly [x: number, y: number, width: number, height: number],
  mean: number,
  scale: number,
): Promise<{ dims: number[]; data: Float32Array }> {
  const [left, top, width, height] = crop;
  const pixels = await sharp(path.join(faceApiFolder(), file))
    .removeAlpha()
    .extract({ left, top, width, height })
    .raw()
    .toBuffer();
  const data = new Float32Array(3 * width * height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      data[channel * width * height + pixel] = ((pixels[pixel * 3 + channel] as number) - mean) * scale;
    }
  }
  return { dims: [1, 3, height, width], data };
}
