import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { EnvironmentError } from '@retinabench/core';

/**
 * Make sure that a folder's disk has room before anything is written to it.
 *
 * @param folder need not exist yet.
 * @throws {EnvironmentError} if there is less than `neededBytes`. Where the system does not tell, nothing is checked.
 */
export async function requireDiskSpace(folder: string, neededBytes: number): Promise<void> {
  const freeBytes = await freeDiskBytes(folder);
  if (freeBytes !== undefined && freeBytes < neededBytes) {
    throw new EnvironmentError(
      `${folder}: needs ${formatBytes(neededBytes)} of disk space, has ${formatBytes(freeBytes)}; free some or set RETINABENCH_CACHE to another disk`,
    );
  }
}

/** Bytes that an ordinary user can still write below the nearest existing folder; undefined if the system does not say. */
export async function freeDiskBytes(folder: string): Promise<number | undefined> {
  let existing = path.resolve(folder);
  for (;;) {
    try {
      const { bavail, bsize } = await statfs(existing);
      return bavail * bsize;
    } catch {
      const parent = path.dirname(existing);
      if (parent === existing) return undefined;
      existing = parent;
    }
  }
}

/** Bytes for people: `346 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(unit === 0 || value >= 100 ? 0 : 1)} ${units[unit]}`;
}
