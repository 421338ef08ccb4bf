import { canonicalJson, sha256Hex } from '@retinabench/core/basics';

/**
 * The id of a run: what its log is sealed with.
 *
 * @param identity what determines the results of the run, as JSON.
 * @returns 12 hex digits of a hash of the identity; the order of its properties does not matter.
 */
export function runId(identity: unknown): string {
  const settings = canonicalJson({ identity: canonicalJson(identity) });
  return sha256Hex(new TextEncoder().encode(settings)).slice(0, 12);
}
