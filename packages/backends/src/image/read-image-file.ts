import { DatasetError, isRetinaBenchError } from '@retinabench/core';
import { readStampedFile, type StampedFile } from '@retinabench/files';

/**
 * Read the file of an image once, with the hash of what was read; `decodeImage` takes its bytes.
 *
 * @param file also what messages call it.
 * @throws {DatasetError} if it is missing, cannot be read or changes while it is read.
 */
export async function readImageFile(file: string): Promise<StampedFile> {
  try {
    return await readStampedFile(file);
  } catch (cause) {
    if (isRetinaBenchError(cause)) throw cause;
    throw new DatasetError(
      `${file}: expected an image that decodes (JPEG, PNG, WebP), got: ${(cause as Error).message}; replace the file or leave it out`,
      { cause },
    );
  }
}
