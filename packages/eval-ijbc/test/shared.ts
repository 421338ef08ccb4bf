import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const workspace = fileURLToPath(new URL('../../..', import.meta.url));

/** The shared data folder. */
export const sharedFolder = process.env.RETINABENCH_SHARED ?? path.join(workspace, '..', 'shared');

/** Whether `name` is absent from the shared data folder; then the tests that need it are skipped by name. */
export function sharedIsAbsent(name: string): boolean {
  return !existsSync(path.join(sharedFolder, name));
}
