import { createHash } from 'node:crypto';

/** Characters that are hashed at once. */
const charactersAtOnce = 1 << 16;

/** SHA-256 over lines in the order of their code units, which sorts `lines`; together they may be longer than a string. 64 hex digits. */
export function linesDigest(lines: string[]): string {
  const hash = createHash('sha256');
  let held = '';
  for (const line of lines.sort()) {
    held += line;
    if (held.length < charactersAtOnce) continue;
    hash.update(held);
    held = '';
  }
  return hash.update(held).digest('hex');
}
