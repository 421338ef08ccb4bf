import { readFile, stat } from 'node:fs/promises';
import { DatasetError, decodeText } from '@retinabench/core/basics';

/** Larger than any record: one of 16,097 images is under 50 MB. */
const maxBytes = 512 * 1024 * 1024;

/**
 * Read a text file that the user named, with or without a byte-order mark.
 *
 * @param what it should be, for the message.
 * @param next what to do where it is not there or cannot be read, for the message.
 * @throws {DatasetError} if it cannot be read, is absurdly large, is no regular file, no text or is a Git LFS pointer.
 */
export async function readTextFile(file: string, what: string, next = 'check the path'): Promise<string> {
  let bytes: Buffer;
  try {
    const stats = await stat(file);
    const { size } = stats;
    if (!stats.isFile()) {
      throw new DatasetError(`${file}: expected ${what}, got a folder, pipe or device; write it to a file first`);
    }
    if (size > maxBytes) throw new DatasetError(`${file}: expected ${what}, got ${size} bytes`);
    bytes = await readFile(file);
  } catch (cause) {
    if (cause instanceof DatasetError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const got = code === 'ENOENT' ? 'got nothing of that name' : `cannot read it (${message})`;
    throw new DatasetError(`${file}: expected ${what}, ${got}; ${next}`, { cause });
  }
  return decodeText(bytes, file);
}
