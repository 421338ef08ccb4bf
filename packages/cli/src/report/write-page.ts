import { stat } from 'node:fs/promises';
import path from 'node:path';
import { DatasetError, EnvironmentError } from '@retinabench/core';
import { makeFolder } from '@retinabench/datasets';
import writeFileAtomic from 'write-file-atomic';

/**
 * Write a page atomically, with the folders it needs.
 *
 * @throws {DatasetError} if `file` is a folder.
 * @throws {EnvironmentError} if it cannot be written.
 */
export async function writePage(file: string, content: string): Promise<void> {
  if ((await stat(file).catch(() => undefined))?.isDirectory()) {
    throw new DatasetError(`${file}: expected a file to write, got a folder; name one with --out FILE`);
  }
  try {
    await makeFolder(path.dirname(file));
    await writeFileAtomic(file, content);
  } catch (cause) {
    throw new EnvironmentError(`${file}: cannot write the page (${(cause as Error).message}); choose --out FILE`, {
      cause,
    });
  }
}
