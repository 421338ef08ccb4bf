import { createHash } from 'node:crypto';
import type { WiderImage } from './list.js';

/**
 * Which images a run is about: SHA-256 over their sorted names, a line `<event>/<image>` each. What is in them is hashed
 * where they are read.
 *
 * @returns 64 hex digits.
 */
export function imageNamesDigest(images: readonly Pick<WiderImage, 'event' | 'image'>[]): string {
  const lines = images.map(({ event, image }) => `${event}/${image}\n`);
  return createHash('sha256').update(lines.sort().join('')).digest('hex');
}
