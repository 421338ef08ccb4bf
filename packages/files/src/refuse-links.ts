import { lstatSync } from 'node:fs';
import { DatasetError } from '@retinabench/core';

/**
 * Refuse places that are symbolic links, before anything is written or deleted there: what a link leads to belongs to
 * somebody else. The folder that the user names may be one; nothing below it.
 *
 * @throws {DatasetError} naming the first link.
 * Cost: one `lstat` a place; one that does not exist is no link.
 */
export function refuseLinks(places: Iterable<string>): void {
  for (const place of places) {
    if (isLink(place)) {
      throw new DatasetError(`${place}: expected a file or folder of this run, got a symbolic link; remove the link`);
    }
  }
}

/** A path that cannot be inspected is reported by the write itself. */
function isLink(place: string): boolean {
  try {
    return lstatSync(place).isSymbolicLink();
  } catch {
    return false;
  }
}
