import { stat } from 'node:fs/promises';
import { DatasetError } from '@retinabench/core/basics';

/**
 * Refuse a folder, pipe, socket or device before it is opened: opening a pipe blocks until there is a writer.
 *
 * @param file    its path; links are followed.
 * @param asError the class of the reader's own errors.
 * @throws {DatasetError} or `asError`, if it is there and no regular file. A file that is missing is left to the reader.
 */
export async function requireRegularFile(
  file: string,
  asError: new (message: string) => Error = DatasetError,
): Promise<void> {
  const stats = await stat(file).catch(() => undefined);
  if (stats === undefined || stats.isFile()) return;
  const kind = stats.isDirectory()
    ? 'a folder'
    : stats.isFIFO()
      ? 'a pipe'
      : stats.isSocket()
        ? 'a socket'
        : 'a device';
  throw new asError(
    `${file}: expected a regular file, got ${kind}; name a file, or write what the pipe gives into one`,
  );
}
