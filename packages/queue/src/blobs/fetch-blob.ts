import { createHash } from 'node:crypto';
import { BackendError } from '@retinabench/core';
import type { BlobSource } from '../messages/run-setup.js';

/** Longest time of one fetch. */
const fetchMs = 120_000;

/** Tries before a fetch is given up. */
const mostTries = 3;

/**
 * Fetch bytes from a coordinator by their hash.
 *
 * @throws {BackendError} if it does not have them or does not answer, or what comes has another hash.
 */
export async function fetchBlob({ url, token }: BlobSource, sha256: string): Promise<Uint8Array> {
  let reason = '';
  for (let attempt = 0; attempt < mostTries; attempt++) {
    try {
      const response = await fetch(`${url}/blobs/${sha256}`, {
        headers: { authorization: `Bearer ${token}` },
        redirect: 'error',
        signal: AbortSignal.timeout(fetchMs),
      });
      if (!response.ok) reason = `status ${response.status}`;
      else {
        const bytes = new Uint8Array(await response.arrayBuffer());
        const found = createHash('sha256').update(bytes).digest('hex');
        if (found === sha256) return bytes;
        reason = `bytes of another hash, ${found.slice(0, 12)}`;
      }
    } catch (error) {
      const { cause, message } = error as Error;
      reason = cause instanceof Error ? cause.message : message;
    }
  }
  throw new BackendError(
    `${url}: cannot fetch ${sha256.slice(0, 12)} from the coordinator (${reason}); see that it runs with --serve-images and an address that this machine reaches`,
  );
}
