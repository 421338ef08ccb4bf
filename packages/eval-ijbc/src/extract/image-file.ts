import { existsSync } from 'node:fs';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { unsafePathReason } from '@retinabench/datasets';
import { quoteLine } from '../text/lines.js';

/** Extensions under which an image is looked for where it is not there under its own: derived sets change the format. */
const otherExtensions = ['.png', '.jpg', '.jpeg', '.webp'];

/**
 * Where an image of a list lies. A list may come from anyone, so its names stay below the folder.
 *
 * @param folder of the images.
 * @param name   as the list has it, with extension.
 * @param place  file and line of the list, for the message.
 * @returns the path, whether there is such a file or not.
 * @throws {DatasetError} if the name is absolute, leaves the folder or has characters that no image has.
 */
export function imageFile(folder: string, name: string, place: string): string {
  const reason = unsafePathReason(name);
  if (reason !== undefined) {
    throw new DatasetError(
      `${place}: expected the name of an image below ${folder}, got ${quoteLine(name)}, which ${reason}; correct the list`,
    );
  }
  const file = path.join(folder, name);
  if (existsSync(file)) return file;
  const stem = file.slice(0, file.length - path.extname(file).length);
  return otherExtensions.map((extension) => stem + extension).find((other) => existsSync(other)) ?? file;
}
