import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BackendError } from '@retinabench/core';
import type { BlobSource } from '../messages/run-setup.js';

/** Longest time of one fetch. */
const fetchMs = 120_000;

/** Waits before a fetch is tried again: a network that fails for a moment takes no worker out of a run. */
const waitsMs = [250, 1000, 4000, 8000];

/**
 * Fetch bytes from a coordinator by their hash.
 *
 * @throws {BackendError} if it does not have them or does not answer, or what comes has another hash.
 */
export async function fetchBlob({ url, token }: BlobSource, sha256: string): Promise<Uint8Array> {
  let reason = '';
  for (let attempt = 0; attempt <= waitsMs.length; attempt++) {
    if (attempt > 0) await sleep(waitsMs[attempt - 1]);
    try {
      const response = await fetch(`${url}/blobs/${sha256}`, {
        headers: { authorization: `Bearer ${token}` },
        redirect: 'error',
        signal: AbortSignal.timeout(fetchMs),
      });
      if (!response.ok) {
        reason = `status ${response.status}`;
        // Another token, or nothing of that hash: asked again it says the same.
        if (response.status < 500) break;
      } else {
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
