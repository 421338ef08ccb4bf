import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';

/**
 * What a record says an evaluation's data were: SHA-256 over the sorted list of the files' names and contents, a line
 * `<name> <SHA-256 of the content>` each.
 *
 * @returns 64 hex digits.
 * @throws {DatasetError} if a file cannot be read.
 * Cost: reads the files; half a second for the pair list of IJB-C.
 */
export async function digestFiles(files: readonly string[]): Promise<string> {
  const lines = await Promise.all(files.map(async (file) => `${path.basename(file)} ${await digestContent(file)}\n`));
  return createHash('sha256').update(lines.sort().join('')).digest('hex');
}

async function digestContent(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  } catch (cause) {
    throw new DatasetError(`${file}: cannot be read (${(cause as Error).message}); check the path`, { cause });
  }
  return hash.digest('hex');
}
