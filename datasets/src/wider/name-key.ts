import { createHash } from 'node:crypto';

/** The first four bytes of the SHA-256 of the name of an image, big-endian: by this the official list knows it. */
export function nameKey(name: string): number {
  return createHash('sha256').update(name).digest().readUInt32BE(0);
}
