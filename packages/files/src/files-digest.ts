import { createHash } from 'node:crypto';

/** SHA-256 over the names of files and the hashes of their bytes, a line `<name> <sha256>` each, sorted. 64 hex digits. */
export function filesDigest(files: Iterable<readonly [name: string, sha256: string]>): string {
  const lines = Array.from(files, ([name, sha256]) => `${name} ${sha256}\n`);
  return createHash('sha256').update(lines.sort().join('')).digest('hex');
}
