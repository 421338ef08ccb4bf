import { rmdirSync } from 'node:fs';

/**
 * Remove a folder if it is empty. Does nothing if it is not, or if another process removed it first.
 *
 * @throws the system's error if the folder is empty and cannot be removed.
 */
export function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOENT') throw error;
  }
}
