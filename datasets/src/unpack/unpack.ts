import type { UnpackOptions } from './sink.js';

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
  // Loaded when needed: the archive libraries cost every command that only lists images a tenth of a second.
  const unpack = format === 'zip' ? (await import('./zip.js')).unpackZip : (await import('./tar.js')).unpackTarGz;
  await unpack(archive, root, options);
}
