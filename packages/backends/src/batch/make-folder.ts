import { mkdirSync } from 'node:fs';
import path from 'node:path';

/**
 * Make a folder and those above it that are missing.
 *
 * Node's own recursive mkdir never returns where the system answers "no such folder" to making one (below /proc, for
 * instance); this one asks each level once.
 *
 * @throws the system's error if a level cannot be made.
 */
export function makeFolderSync(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    const parent = path.dirname(folder);
    if (code !== 'ENOENT' || parent === folder) throw error;
    makeFolderSync(parent);
    makeFolderSyncOnce(folder);
  }
}

function makeFolderSyncOnce(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
