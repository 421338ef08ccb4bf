import { rmdirSync } from 'node:fs';

/**
 * Remove a folder if nothing is in it; if something is, or another process was faster, it stays as it is.
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
