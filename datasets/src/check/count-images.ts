import { readdir } from 'node:fs/promises';
import path from 'node:path';

/**
 * JPEG files below a folder, at any depth; links to folders are followed one level, as a gated data set has them.
 *
 * @returns 0 if there is no such folder.
 * Cost: one directory read a folder.
 */
export async function countImageFiles(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  let images = 0;
  for (const entry of entries) {
    if (entry.isDirectory()) images += await countImageFiles(path.join(folder, entry.name));
    else if (/\.jpe?g$/i.test(entry.name)) images++;
  }
  return images;
}
