import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { unsafePathReason } from './unsafe-path.js';

/**
 * Where an archive's entry goes below `root`. Only plain relative names with forward slashes are taken: no absolute
 * path, drive, `..`, backslash or control character, whatever the system.
 *
 * @param archive for the message.
 * @throws {DatasetError} if the name could leave `root` or deceive.
 */
export function entryPath(root: string, entryName: string, archive: string): string {
  const reason = unsafePathReason(entryName);
  if (reason !== undefined) {
    throw new DatasetError(
      `${archive}: entry ${JSON.stringify(entryName.slice(0, 100))} ${reason}; nothing of it is unpacked: get the archive from its publisher`,
    );
  }
  return path.join(root, ...entryName.split('/'));
}
