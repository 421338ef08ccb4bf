import { linesDigest } from '@retinabench/files';

/**
 * Which images a run is about: SHA-256 over their sorted names, a line each; in WIDER FACE `<event>/<image>`. What is in them is
 * hashed where they are read.
 *
 * @returns 64 hex digits.
 */
export function imageNamesDigest(images: readonly string[]): string {
  return linesDigest(images.map((image) => `${image}\n`));
}
