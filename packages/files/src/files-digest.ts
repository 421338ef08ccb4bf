import { linesDigest } from './lines-digest.js';

/** SHA-256 over the names of files and the hashes of their bytes, a line `<name> <sha256>` each, sorted. 64 hex digits. */
export function filesDigest(files: Iterable<readonly [name: string, sha256: string]>): string {
  return linesDigest(Array.from(files, ([name, sha256]) => `${name} ${sha256}\n`));
}
