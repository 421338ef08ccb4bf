import os from 'node:os';
import path from 'node:path';
import type { CorruptImage } from './dataset-check.js';

/** A header that claims more pixels is refused before any memory is asked for. */
const largestImagePx = 200_000_000;

/**
 * Decode every image to its last row, as many at once as there are cores.
 *
 * @param onImage told how many are done.
 * @returns those that do not decode, in the order of `images`.
 * Cost: 5 to 10 ms a megapixel and core.
 */
export async function decodeAll(
  folder: string,
  images: readonly string[],
  onImage: ((done: number) => void) | undefined,
  signal: AbortSignal | undefined,
): Promise<CorruptImage[]> {
  const corrupt: (CorruptImage | undefined)[] = [];
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    while (next < images.length) {
      signal?.throwIfAborted();
      const index = next++;
      const reason = await failureOf(path.join(folder, images[index]));
      if (reason !== undefined) corrupt[index] = { image: images[index], reason };
      onImage?.(++done);
    }
  };
  await Promise.all(Array.from({ length: os.availableParallelism() }, work));
  return corrupt.filter((found) => found !== undefined);
}

async function failureOf(file: string): Promise<string | undefined> {
  try {
    const { default: sharp } = await import('sharp');
    const image = sharp(file, { failOn: 'truncated', limitInputPixels: largestImagePx });
    // libvips draws SVG too, which is no photograph.
    if ((await image.metadata()).format === 'svg') return 'a file of the format svg';
    await image.raw().toBuffer();
    return undefined;
  } catch (error) {
    return (error as Error).message.split('\n')[0];
  }
}
