import { EnvironmentError } from '@retinabench/core';
import { DownloadFailure } from './failure.js';
import type { PartFile } from './part-file.js';
import { openSource, shownUrl } from './source.js';
import { startStallGuard } from './stall-guard.js';

/** What one attempt goes by. */
export interface AttemptOptions {
  /** Size that the file must have, if known. */
  readonly sizeBytes?: number;
  /** Whether a hash will settle what the bytes are: then a part may be resumed from any source. */
  readonly hashKnown: boolean;
  /** Bytes that a file of unknown size may have at most. */
  readonly largestBytes: number;
  readonly stallMs: number;
  readonly signal?: AbortSignal;
  readonly onBytes: (doneBytes: number, totalBytes: number | undefined) => void;
}

/**
 * Bring a part to its full length from one URL, resuming where that is safe.
 *
 * @throws {DownloadFailure} if it does not get there; the part keeps what came.
 * @throws {EnvironmentError} if the part cannot be written.
 */
export async function attemptDownload(part: PartFile, url: string, options: AttemptOptions): Promise<void> {
  await dropUnlessResumable(part, url, options.hashKnown);
  const guard = startStallGuard(options.stallMs, options.signal);
  try {
    const origin = await part.origin();
    const source = await openSource(url, {
      fromByte: part.sizeBytes,
      ...(origin?.url === url && origin.validator !== undefined && { validator: origin.validator }),
      signal: guard.signal,
    });
    const totalBytes = expectedTotal(url, source.totalBytes, options);
    let skipBytes = await align(part, source.startByte, options.hashKnown);
    if (part.sizeBytes === 0) {
      await part.setOrigin({ url, ...(source.validator !== undefined && { validator: source.validator }) });
    }
    for await (const chunk of source.body) {
      guard.arrived(chunk.length);
      const fresh = chunk.subarray(Math.min(skipBytes, chunk.length));
      skipBytes -= chunk.length - fresh.length;
      if (part.sizeBytes + fresh.length > (totalBytes ?? options.largestBytes)) {
        const most = totalBytes ?? options.largestBytes;
        throw new DownloadFailure('corrupt', `${shownUrl(url)}: sends more than the ${most} bytes expected`);
      }
      if (fresh.length === 0) continue;
      await write(part, fresh);
      options.onBytes(part.sizeBytes, totalBytes);
    }
    if (skipBytes > 0 || (totalBytes !== undefined && part.sizeBytes < totalBytes)) {
      throw new DownloadFailure('transient', `${shownUrl(url)}: ended early, ${part.sizeBytes} bytes are here`);
    }
  } catch (cause) {
    if (cause instanceof DownloadFailure || cause instanceof EnvironmentError) throw cause;
    options.signal?.throwIfAborted();
    const reason = guard.stalled()
      ? `stalled for ${options.stallMs / 1000} s`
      : `broke off (${(cause as Error).message})`;
    throw new DownloadFailure('transient', `${shownUrl(url)}: ${reason} after ${part.sizeBytes} bytes`, { cause });
  } finally {
    guard.stop();
  }
}

/** Without a hash to settle it, a part may only go on from the URL it came from, and only if a validator ties the two. */
async function dropUnlessResumable(part: PartFile, url: string, hashKnown: boolean): Promise<void> {
  if (hashKnown || part.sizeBytes === 0) return;
  const origin = await part.origin();
  if (origin?.url !== url || origin.validator === undefined) await part.restart();
}

/**
 * Bring the part in line with where the source begins. A source that begins at 0 although more was asked for is read
 * past what is here if a hash will settle whether that was right, so that a server without ranges costs no progress.
 *
 * @returns how many bytes of the source to skip.
 */
async function align(part: PartFile, startByte: number, hashKnown: boolean): Promise<number> {
  if (startByte === part.sizeBytes) return 0;
  if (hashKnown) return part.sizeBytes;
  await part.restart();
  return 0;
}

function expectedTotal(url: string, stated: number | undefined, { sizeBytes }: AttemptOptions): number | undefined {
  if (sizeBytes !== undefined && stated !== undefined && stated !== sizeBytes) {
    throw new DownloadFailure(
      'permanent',
      `${shownUrl(url)}: has ${stated} bytes, expected ${sizeBytes}: another file`,
    );
  }
  return sizeBytes ?? stated;
}

async function write(part: PartFile, chunk: Uint8Array): Promise<void> {
  try {
    await part.append(chunk);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const next =
      code === 'ENOSPC'
        ? 'free some disk space and run it again: it resumes'
        : 'set RETINABENCH_CACHE to a folder that can be written';
    throw new EnvironmentError(`cannot write the download (${message}); ${next}`, { cause });
  }
}
