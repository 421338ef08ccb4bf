import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Make a folder and its missing parents, trying each level once. Node's recursive mkdir never returns where the system
 * answers ENOENT to mkdir itself (below /proc, for instance), and the path is the user's choice.
 *
 * @throws {Error} of the system if a level cannot be made, or if the place is taken by something else.
 */
export function makeFolderSync(folder: string): void {
  const missing: string[] = [];
  for (let level = path.resolve(folder); ; level = path.dirname(level)) {
    const code = makeLevel(level);
    if (code === undefined || code === 'EEXIST') break;
    missing.push(level);
    if (code !== 'ENOENT' || level === path.dirname(level)) break;
  }
  for (const level of missing.reverse()) {
    try {
      mkdirSync(level);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  if (!statSync(folder).isDirectory()) throw new Error(`${folder} is not a folder`);
}

/**
 * As `makeFolderSync`, as a promise: for callers that await their other steps.
 *
 * @throws {Error} as `makeFolderSync`.
 */
export async function makeFolder(folder: string): Promise<void> {
  makeFolderSync(folder);
}

/** The error code of making one level; undefined on success. */
function makeLevel(level: string): string | undefined {
  try {
    mkdirSync(level);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}
