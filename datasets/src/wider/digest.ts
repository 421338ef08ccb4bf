import { createHash } from 'node:crypto';

/**
 * Which images a run is about: SHA-256 over their sorted names, a line each; in WIDER FACE `<event>/<image>`. What is in them is
 * hashed where they are read.
 *
 * @returns 64 hex digits.
 */
export function imageNamesDigest(images: readonly string[]): string {
  const lines = images.map((image) => `${image}\n`);
  return createHash('sha256').update(lines.sort().join('')).digest('hex');
}
