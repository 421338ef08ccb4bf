import { mkdir } from 'node:fs/promises';
import path from 'node:path';

/**
 * Make a folder and those above it that are missing.
 *
 * Node's own recursive mkdir never returns where the system says "no such folder" to making one (below /proc, for
 * instance); this one asks each level once.
 *
 * @throws the system's error if a level cannot be made.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    const parent = path.dirname(folder);
    if (code !== 'ENOENT' || parent === folder) throw error;
    await makeFolder(parent);
    await mkdir(folder).catch((again: NodeJS.ErrnoException) => {
      if (again.code !== 'EEXIST') throw again;
    });
  }
}
