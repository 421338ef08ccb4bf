import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { decodeText, EnvironmentError } from '@retinabench/core';
import { lockFolder, makeFolder, replaceFile } from '@retinabench/files';

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
 * Write a history with its new line: at every moment it is the old one or the new one, whole.
 *
 * @throws {EnvironmentError} if it cannot be written; it is as it was.
 */
export function writeHistory(file: string, content: string): void {
  try {
    replaceFile(file, content);
  } catch (cause) {
    throw new EnvironmentError(`${file}: cannot append to the history (${(cause as Error).message})`, { cause });
  }
}

/**
 * Take a history for this process, from its reading to its writing: each line holds the hash of the one before it, and of two
 * that were appended at once one would not.
 *
 * @returns a function that gives it back.
 * @throws {EnvironmentError} if another process has it, or its folder cannot be written.
 */
export async function lockHistory(file: string): Promise<() => void> {
  const folder = path.dirname(file);
  try {
    await makeFolder(folder);
  } catch (cause) {
    throw new EnvironmentError(`${folder}: cannot be made (${(cause as Error).message}); choose another --history`, {
      cause,
    });
  }
  return lockFolder(folder);
}
