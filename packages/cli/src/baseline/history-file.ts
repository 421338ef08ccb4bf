import { appendFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { decodeText, EnvironmentError } from '@retinabench/core';
import { makeFolder } from '@retinabench/files';

/**
 * The content of a history file; empty if there is none yet.
 *
 * @throws {EnvironmentError} if it is there and cannot be read.
 * @throws {DatasetError} if it is no text.
 */
export async function readHistory(file: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new EnvironmentError(`${file}: cannot read the history (${(cause as Error).message})`, { cause });
  }
  return decodeText(bytes, file);
}

/**
 * Append one line to a history file in a single write.
 *
 * @throws {EnvironmentError} if it cannot be written.
 */
export async function appendHistory(file: string, line: string): Promise<void> {
  try {
    await makeFolder(path.dirname(file));
    await appendFile(file, line, { flush: true });
  } catch (cause) {
    throw new EnvironmentError(`${file}: cannot append to the history (${(cause as Error).message})`, { cause });
  }
}
