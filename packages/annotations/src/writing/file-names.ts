import { DatasetError } from '@retinabench/core';
import { withoutExtension } from '../set/image-name.js';
import { quoteName } from '../set/quote-name.js';

/**
 * Check that each image can have a file of its own.
 *
 * @param form for messages.
 * @throws {DatasetError} if two images differ in their extension alone, or in upper and lower case, or one is hidden.
 */
export function requireDistinctStems(images: readonly string[], form: string): void {
  const seen = new Map<string, string>();
  for (const name of images) {
    if (/(?:^|\/)(?:\.|__MACOSX\/)/.test(name)) {
      throw new DatasetError(
        `${JSON.stringify(name.slice(0, 120))}: expected an image that is not hidden, as readers of ${form} pass over hidden files; convert to a form of one file, or rename it`,
      );
    }
    const key = withoutExtension(name).toLowerCase();
    const before = seen.get(key);
    if (before !== undefined) {
      throw new DatasetError(
        `${quoteName(before)} and ${quoteName(name)}: expected images with names that differ without extension and letter case, as ${form} has a file for each; convert to a form of one file, or rename one`,
      );
    }
    seen.set(key, name);
  }
}

/**
 * Check that a line of its own can hold each name.
 *
 * @param form for messages.
 * @throws {DatasetError} naming the image that cannot.
 */
export function requireLineNames(images: readonly string[], form: string): void {
  for (const name of images) {
    if (!/[\r\n]|^#|^\s|\s$/.test(name) && !/^[-\d.]+(\s+[-\d.]+){3,}$/.test(name)) continue;
    throw new DatasetError(
      `${JSON.stringify(name.slice(0, 120))}: expected a name without line breaks, # before it or blanks around it, which ${form} cannot hold; convert to another form, or rename the image`,
    );
  }
}
