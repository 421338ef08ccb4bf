import { lstatSync } from 'node:fs';
import { DatasetError } from '@retinabench/core/basics';

/**
 * Refuse files and folders that are symbolic links, before anything is written or deleted there: what a link leads to belongs to
 * somebody else. The folder that the user names may be one; nothing below it.
 *
 * @throws {DatasetError} naming the first link.
 * Cost: one `lstat` a file; one that does not exist is no link.
 */
export function refuseLinks(files: Iterable<string>): void {
  for (const file of files) {
    if (isLink(file)) {
      throw new DatasetError(`${file}: expected a file or folder of this run, got a symbolic link; remove the link`);
    }
  }
}

/** A path that cannot be inspected is reported by the write itself. */
function isLink(file: string): boolean {
  try {
    return lstatSync(file).isSymbolicLink();
  } catch {
    return false;
  }
}
