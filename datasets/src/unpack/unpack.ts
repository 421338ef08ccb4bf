import type { UnpackOptions } from './sink.js';
import { unpackTarGz } from './tar.js';
import { unpackZip } from './zip.js';

/** Formats of archives. */
export type ArchiveFormat = 'zip' | 'tar.gz';

/**
 * Unpack an archive below `root`: only plain files, only below `root`, no more than its limits.
 *
 * @throws {DatasetError} if it is damaged, unsafe or too large; the caller removes what was written.
 */
export async function unpackArchive(
  archive: string,
  format: ArchiveFormat,
  root: string,
  options: UnpackOptions,
): Promise<void> {
  await (format === 'zip' ? unpackZip : unpackTarGz)(archive, root, options);
}
