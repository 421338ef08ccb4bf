// Photographs of faces for extraction: some of LFW where the shared data folder is, else the embedded template set.
import { existsSync } from 'node:fs';
import path from 'node:path';

const shared = process.env.RETINABENCH_SHARED || path.join('..', 'shared');
const lfw = path.join(shared, 'datasets', 'lfw');

/** Flags of `ijbc extract` for at most `limit` photographs, and what they are. */
export function extractionFlags(limit) {
  return existsSync(lfw)
    ? { flags: ['--meta', lfw, '--limit', String(limit)], name: `${limit} photographs of LFW` }
    : { flags: ['--limit', String(limit)], name: 'the embedded template set' };
}
