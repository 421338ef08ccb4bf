import { EnvironmentError } from '@retinabench/core';

/** What to install where a library is missing; the versions that this package was tested with. */
const install = 'npm install bullmq@6.7.0 ioredis@6.0.0 pg@8.23.1';

/**
 * Load an optional library.
 *
 * @throws {EnvironmentError} if it is not installed.
 */
export async function loadLibrary<Library>(name: string, load: () => Promise<Library>): Promise<Library> {
  try {
    return await load();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === 'ERR_MODULE_NOT_FOUND' ? 'it is not installed' : message;
    throw new EnvironmentError(`--queue: cannot load ${name} (${reason}); ${install}`, { cause });
  }
}
