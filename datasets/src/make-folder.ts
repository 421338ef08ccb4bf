import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Make a folder and those above it that are missing, asking each level once: Node's own recursive mkdir never returns
 * where the system answers "no such folder" to making one (below /proc, for instance), and the place is the user's choice.
 *
 * @throws {Error} if a level cannot be made, or the place is taken by a file.
 */
export async function makeFolder(folder: string): Promise<void> {
  const missing: string[] = [];
  for (let level = path.resolve(folder); ; level = path.dirname(level)) {
    const code = await codeOf(mkdir(level));
    if (code === undefined || code === 'EEXIST') break;
    missing.push(level);
    if (code !== 'ENOENT' || level === path.dirname(level)) break;
  }
  for (const level of missing.reverse()) {
    await mkdir(level).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
  if (!(await stat(folder)).isDirectory()) throw new Error(`${folder} is not a folder`);
}

async function codeOf(made: Promise<unknown>): Promise<string | undefined> {
  return made.then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error.code ?? 'unknown',
  );
}
