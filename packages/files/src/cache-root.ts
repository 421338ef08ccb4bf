import os from 'node:os';
import path from 'node:path';

/**
 * The folder that holds what RetinaBench pulls and builds: `RETINABENCH_CACHE`, else `.cache/retinabench` in the home
 * folder.
 *
 * @param env default: the environment of this process.
 */
export function defaultCacheDir(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const chosen = env.RETINABENCH_CACHE;
  return chosen !== undefined && chosen !== ''
    ? path.resolve(chosen)
    : path.join(os.homedir(), '.cache', 'retinabench');
}
