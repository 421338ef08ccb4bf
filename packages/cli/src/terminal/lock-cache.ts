import path from 'node:path';
import { EnvironmentError } from '@retinabench/core';
import { lockFolder, makeFolder } from '@retinabench/files';

/**
 * Take a part of the cache for this process, so that two commands never write it at once.
 *
 * @param part a plain name.
 * @returns a function that gives it back.
 * @throws {EnvironmentError} if another process has it, or the cache cannot be written.
 */
export async function lockCache(cacheDir: string, part: string): Promise<() => void> {
  const folder = path.join(cacheDir, 'locks', part);
  await makeFolder(folder).catch((cause: Error) => {
    throw new EnvironmentError(
      `${cacheDir}: cannot be written (${cause.message}); set RETINABENCH_CACHE to a folder that can be written`,
      { cause },
    );
  });
  return lockFolder(folder);
}
