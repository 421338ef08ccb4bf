import { createHash } from 'node:crypto';

/**
 * SHA-256 of what draws depend on, so that two records tell whether they were drawn alike: a word that says how is drawn and
 * the arrays that are drawn from, each with its length.
 *
 * @returns 64 hex digits.
 */
export function digestDrawn(how: string, arrays: readonly (Int32Array | Uint8Array)[]): string {
  const hash = createHash('sha256').update(how);
  for (const array of arrays) {
    hash.update(`\n${array.length}\n`).update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }
  return hash.digest('hex');
}
