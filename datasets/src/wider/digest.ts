import { createHash } from 'node:crypto';
import { linesDigest } from '@retinabench/files';

/** Names that are hashed at once. */
const namesAtOnce = 1 << 12;

/** Characters that sort before the end of a line. */
const beforeNewline = /[\0-\t]/;

/**
 * Which images a run is about: SHA-256 over their sorted names, a line each; in WIDER FACE `<event>/<image>`. What is in them is
 * hashed where they are read.
 *
 * @returns 64 hex digits.
 * Cost: a third where the names are sorted already.
 */
export function imageNamesDigest(images: readonly string[]): string {
  return sortedNamesDigest(images) ?? linesDigest(images.map((image) => `${image}\n`));
}

/** The digest of names that are sorted, each once; undefined if they are not, or a line may sort otherwise than its name. */
function sortedNamesDigest(images: readonly string[]): string | undefined {
  for (let index = 1; index < images.length; index++) if (images[index - 1] >= images[index]) return undefined;
  const hash = createHash('sha256');
  for (let start = 0; start < images.length; start += namesAtOnce) {
    const text = images.slice(start, start + namesAtOnce).join('\n');
    if (beforeNewline.test(text)) return undefined;
    hash.update(text).update('\n');
  }
  return hash.digest('hex');
}
