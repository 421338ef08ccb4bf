import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BackendError } from '@retinabench/core';
import { mostBlobBytes } from '../messages/limits.js';
import type { BlobSource } from '../messages/run-setup.js';

/** Longest time of one fetch. */
const fetchMs = 120_000;

/** The status of a file that has other bytes by now. */
const gone = 410;

/** Waits before a fetch is tried again: a network that fails for a moment takes no worker out of a run. */
const waitsMs = [250, 1000, 4000, 8000];

/**
 * Fetch bytes from a coordinator by their hash.
 *
 * @param mostBytes no more are taken in.
 * @throws {BackendError} if it does not have them or does not answer, or what comes has another hash or is longer.
 */
export async function fetchBlob(
  { url, token }: BlobSource,
  sha256: string,
  mostBytes: number = mostBlobBytes,
): Promise<Uint8Array> {
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
        reason = response.status === gone ? 'its file was replaced there' : `status ${response.status}`;
        // Another token, nothing of that hash, or a file that was replaced: asked again it says the same.
        if (response.status < 500) break;
      } else {
        const bytes = await bodyOf(response, mostBytes);
        if (bytes === undefined) {
          reason = `more than ${mostBytes} bytes`;
          break;
        }
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

/** The bytes of an answer; undefined if there are more than that. */
async function bodyOf(response: Response, mostBytes: number): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.length;
    // Leaving the loop ends the connection.
    if (size > mostBytes) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}
