import { DatasetError, describeJson } from '@retinabench/core';

/** Longest path that a file system takes. */
const longestName = 4096;

/**
 * The path of an image below its root, as all formats are brought to it: parts joined by `/`, composed characters (NFC),
 * without anything before the first part (`./`, `/`, `C:\`).
 *
 * @param where the place of the name, for messages.
 * @throws {DatasetError} if the name is empty, too long, holds a NUL character or leads out of its root (`..`).
 */
export function imageName(text: string, where: string): string {
  const name =
    text.length < 256 && plain.test(text)
      ? text
      : text
          .normalize('NFC')
          .replace(/^[A-Za-z]:(?=[\\/])/, '')
          .split(/[\\/]/)
          .filter((part) => part !== '' && part !== '.')
          .join('/');
  if (name === '' || name.length > longestName || name.includes('\0')) {
    throw new DatasetError(
      `${where}: expected the path of an image of at most ${longestName} characters, got ${describeJson(text)}; correct it`,
    );
  }
  if (name.includes('..') && name.split('/').includes('..')) {
    throw new DatasetError(
      `${where}: expected the path of an image below its folder, got ${describeJson(text)}, which leads out of it; write the path without ..`,
    );
  }
  return name;
}

/** Names that are as they should be: the common case, told quickly. */
const plain = /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/;

/** A name without the extension of an image file: `a/b.jpg` is `a/b`, while `a/b.c` stays. */
export function withoutExtension(name: string): string {
  return name.replace(imageExtension, '');
}

/** Whether a file is an image, by its name. */
export function isImageFile(name: string): boolean {
  return imageExtension.test(name);
}

const imageExtension = /\.(?:jpe?g|png|webp|bmp|gif|tiff?|avif|heic|jp2|ppm|pgm)$/i;
