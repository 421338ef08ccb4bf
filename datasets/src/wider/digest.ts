import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { listWiderImages } from './list.js';

/**
 * What a record says a run's data set was: SHA-256 over the sorted list of the images' names and sizes, a line `<event>/
 * <image> <bytes>` each; a link to nothing has `missing` for its bytes.
 *
 * @returns 64 hex digits.
 * @throws {EnvironmentError | DatasetError} as `listWiderImages`.
 * Cost: one `stat` an image; no image is read.
 */
export async function datasetDigest(root: string): Promise<string> {
  const images = await listWiderImages(root);
  const sizes = await Promise.all(images.map(({ file }) => sizeOf(file)));
  const lines = images.map(({ event, image }, index) => `${event}/${image} ${sizes[index]}\n`);
  return createHash('sha256').update(lines.sort().join('')).digest('hex');
}

async function sizeOf(file: string): Promise<number | 'missing'> {
  return stat(file).then(
    ({ size }) => size,
    () => 'missing',
  );
}
