import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * What a record says an evaluation's data were: SHA-256 over the sorted list of the files' names and sizes, a line
 * `<name> <bytes>` each.
 *
 * @returns 64 hex digits.
 */
export async function digestFiles(files: readonly string[]): Promise<string> {
  const lines = await Promise.all(files.map(async (file) => `${path.basename(file)} ${(await stat(file)).size}\n`));
  return createHash('sha256').update(lines.sort().join('')).digest('hex');
}
