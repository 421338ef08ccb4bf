import * as crypto from 'node:crypto';

/** Hashes at once where Node can (20.12 and later): half the work of a hash object for a line of a log. */
const hash: typeof crypto.hash | undefined = crypto.hash;

/** SHA-256 of a text in UTF-8, 64 hex digits. */
export function sha256OfText(text: string): string {
  return hash === undefined ? crypto.createHash('sha256').update(text).digest('hex') : hash('sha256', text, 'hex');
}
