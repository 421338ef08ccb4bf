import { seededRandom } from '@retinabench/core';
import type { Sharp } from 'sharp';
import type { RgbImage } from '../image/image.js';
import { loadSharp } from '../image/load-sharp.js';
import type { Movement } from './carry-boxes.js';
import type { Perturbation, PerturbationStep } from './perturbation.js';
import { rotateImage } from './rotate.js';

/** A corrupted image, and how it was moved, in order. */
export interface PerturbedImage {
  readonly image: RgbImage;
  readonly movements: readonly Movement[];
}

/**
 * Corrupt an image. The same image, corruptions and seed give the same pixels, whatever the order of the images and the
 * number of workers.
 *
 * @param contentSeed a whole number that follows from the image's bytes: noise differs between images.
 * Cost: a pass over the pixels for each step; `blur` and `scale` by libvips, `jpeg` by encoding and decoding.
 */
export async function perturbImage(
  image: RgbImage,
  { steps, seed }: Perturbation,
  contentSeed: number,
): Promise<PerturbedImage> {
  const movements: Movement[] = [];
  let current = image;
  for (const [index, step] of steps.entries()) {
    const before = current;
    current = await apply(before, step, (contentSeed ^ Math.imul(seed + 1, 0x9e37_79b1) ^ index) >>> 0);
    if (step.name === 'scale') {
      const [factorX, factorY] = [current.widthPx / before.widthPx, current.heightPx / before.heightPx];
      movements.push({ kind: 'scale', factorX, factorY });
    } else if (step.name === 'rotate') {
      const fromPx = [before.widthPx, before.heightPx] as const;
      movements.push({ kind: 'rotate', degrees: step.value, fromPx, toPx: [current.widthPx, current.heightPx] });
    }
  }
  return { image: current, movements };
}

/** The 32 bits of an image's SHA-256 that seed its noise. */
export function contentSeedOf(sha256: string): number {
  return Number.parseInt(sha256.slice(0, 8), 16);
}

function apply(image: RgbImage, { name, value }: PerturbationStep, seed: number): RgbImage | Promise<RgbImage> {
  switch (name) {
    case 'blur':
      return toRgb(toSharp(image).blur({ sigma: value, minAmplitude: 0.002, precision: 'float' }));
    case 'jpeg':
      return compress(image, value);
    case 'dark':
      return mapLevels(image, (level) => Math.round(level * value));
    case 'noise':
      return addNoise(image, value, seed);
    case 'scale':
      return toRgb(
        toSharp(image).resize({
          width: Math.max(1, Math.round(image.widthPx * value)),
          height: Math.max(1, Math.round(image.heightPx * value)),
          fit: 'fill',
          kernel: 'lanczos3',
          fastShrinkOnLoad: false,
        }),
      );
    case 'rotate':
      return rotateImage(image, value);
  }
}

function toSharp({ widthPx, heightPx, data }: RgbImage): Sharp {
  return loadSharp()(data, { raw: { width: widthPx, height: heightPx, channels: 3 }, limitInputPixels: false });
}

async function toRgb(image: Sharp): Promise<RgbImage> {
  const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  return {
    widthPx: info.width,
    heightPx: info.height,
    data: new Uint8Array(data.buffer, data.byteOffset, data.length),
  };
}

/** Baseline JPEG with half the colour resolution, as cameras and messengers write it. */
async function compress(image: RgbImage, quality: number): Promise<RgbImage> {
  const bytes = await toSharp(image).jpeg({ quality, chromaSubsampling: '4:2:0' }).toBuffer();
  return toRgb(loadSharp()(bytes));
}

function mapLevels({ widthPx, heightPx, data }: RgbImage, of: (level: number) => number): RgbImage {
  const table = Uint8Array.from({ length: 256 }, (_, level) => of(level));
  return { widthPx, heightPx, data: data.map((level) => table[level]) };
}

/** Gaussian, independent for every pixel and channel, added, rounded and clipped to 0..255. Source: Box and Muller (1958). */
function addNoise({ widthPx, heightPx, data }: RgbImage, sigma: number, seed: number): RgbImage {
  const random = seededRandom(seed);
  const out = new Uint8ClampedArray(data.length);
  for (let at = 0; at < data.length; at += 2) {
    const radius = sigma * Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    out[at] = Math.round(data[at] + radius * Math.cos(angle));
    if (at + 1 < data.length) out[at + 1] = Math.round(data[at + 1] + radius * Math.sin(angle));
  }
  return { widthPx, heightPx, data: new Uint8Array(out.buffer) };
}
