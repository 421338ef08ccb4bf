import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatasetError, EnvironmentError } from '@retinabench/core';
import { hashFile, makeFolder } from '@retinabench/files';
import { attemptDownload } from './attempt.js';
import { DownloadFailure } from './failure.js';
import { PartFile } from './part-file.js';
import { readPin, writePin } from './pins.js';
import type { RemoteFile } from './remote-file.js';
import { defaultRetryPolicy, type RetryPolicy, retryDelayMs } from './retry-policy.js';
import { shownUrl } from './source.js';

/** A file of unknown size may have this many bytes at most. */
const largestUnknownBytes = 64 * 2 ** 30;

/** Bytes that make a round count as progress, so that a slow but living connection is never given up. */
const progressBytes = 65_536;

/** How to download. */
export interface DownloadOptions {
  /** Where the file goes; its unfinished part lies beside it. One process at a time may use it. */
  readonly folder: string;
  /** Where hashes of files known by URL alone are kept. */
  readonly pinFolder: string;
  readonly retry?: RetryPolicy;
  readonly signal?: AbortSignal;
  readonly onBytes?: (file: RemoteFile, doneBytes: number, totalBytes: number | undefined) => void;
  /** Told of what goes wrong on the way: a retry, a source given up. */
  readonly onNote?: (note: string) => void;
}

/** A file that is here and is what it should be. */
export interface DownloadedFile {
  readonly name: string;
  /** Where it lies. */
  readonly file: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** What vouches for it: the manifest's hash, the hash of an earlier pull, or nothing yet (pinned now). */
  readonly verifiedBy: 'manifest' | 'pin' | 'first use';
}

/**
 * Get a file: from what an earlier call left if that is whole, else from its URLs in turn, resumed where it broke off.
 * It appears under its name only once its size and hash are right.
 *
 * @throws {EnvironmentError} if no source can be reached, or the folder cannot be written.
 * @throws {DatasetError} if the sources give other bytes than expected.
 * @throws the reason of `signal` if it was aborted.
 * Cost: memory of a few chunks, whatever the size.
 */
export async function downloadFile(file: RemoteFile, options: DownloadOptions): Promise<DownloadedFile> {
  const target = path.join(options.folder, file.name);
  await makeFolder(options.folder).catch((cause: Error) => {
    throw new EnvironmentError(
      `${options.folder}: ${cause.message}; set RETINABENCH_CACHE to a folder that can be written`,
      {
        cause,
      },
    );
  });
  const pin = file.sha256 === undefined ? await readPin(options.pinFolder, file.name) : undefined;
  const expected = { sha256: file.sha256 ?? pin?.sha256, sizeBytes: file.sizeBytes ?? pin?.sizeBytes };
  const verifiedBy = file.sha256 !== undefined ? 'manifest' : pin !== undefined ? 'pin' : 'first use';
  const present = expected.sha256 === undefined ? undefined : await hashFile(target).catch(() => undefined);
  if (present !== undefined && present.sha256 === expected.sha256) {
    options.onBytes?.(file, present.sizeBytes, present.sizeBytes);
    return { name: file.name, file: target, ...present, verifiedBy };
  }
  await rm(target, { force: true });

  const part = new PartFile(target);
  await part.open().catch((cause: Error) => {
    throw new EnvironmentError(
      `${target}.part: ${cause.message}; set RETINABENCH_CACHE to a folder that can be written`,
      {
        cause,
      },
    );
  });
  try {
    const url = await fetchFrom(part, file, expected, options);
    const result = { sha256: part.sha256, sizeBytes: part.sizeBytes };
    await part.publish();
    if (expected.sha256 === undefined) await writePin(options.pinFolder, file.name, { ...result, url: shownUrl(url) });
    return { name: file.name, file: target, ...result, verifiedBy };
  } finally {
    await part.close();
  }
}

interface Expected {
  readonly sha256: string | undefined;
  readonly sizeBytes: number | undefined;
}

/** Try the URLs in rounds until the part is whole and right. @returns the URL that completed it. */
async function fetchFrom(
  part: PartFile,
  file: RemoteFile,
  expected: Expected,
  options: DownloadOptions,
): Promise<string> {
  const retry = options.retry ?? defaultRetryPolicy;
  const failures = new Map<string, DownloadFailure>();
  let urls = [...file.urls];
  for (let round = 0; urls.length > 0 && round < retry.attempts; round++) {
    const sizeBefore = part.sizeBytes;
    let askedMs = 0;
    for (const url of urls) {
      const failure = await tryUrl(part, url, file, expected, options, retry);
      if (failure === undefined) return url;
      failures.set(url, failure);
      askedMs = Math.max(askedMs, failure.retryAfterMs);
      options.onNote?.(failure.message);
    }
    urls = urls.filter((url) => failures.get(url)?.kind === 'transient');
    if (part.sizeBytes >= sizeBefore + progressBytes) round = -1;
    if (urls.length > 0 && round < retry.attempts - 1) {
      await pause(retryDelayMs(retry, Math.max(round, 0), askedMs), options.signal);
    }
  }
  const reasons = [...failures.values()].map(({ message }) => message).join('; ');
  if ([...failures.values()].some(({ kind }) => kind === 'corrupt')) {
    throw new DatasetError(
      `${file.name}: wrong bytes from every source (${reasons}); try a mirror with RETINABENCH_MIRROR`,
    );
  }
  throw new EnvironmentError(
    `${file.name}: cannot be had (${reasons || 'no URL is known'}); run it again to resume, or try a mirror with RETINABENCH_MIRROR`,
  );
}

async function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(delayMs, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
}

/** One attempt and the check of what came; wrong bytes are dropped, and tried once more if they were pieced together. */
async function tryUrl(
  part: PartFile,
  url: string,
  file: RemoteFile,
  expected: Expected,
  options: DownloadOptions,
  retry: RetryPolicy,
): Promise<DownloadFailure | undefined> {
  const resumed = part.sizeBytes > 0;
  try {
    const complete = expected.sizeBytes !== undefined && part.sizeBytes === expected.sizeBytes;
    if (!complete) {
      await attemptDownload(part, url, {
        ...(expected.sizeBytes !== undefined && { sizeBytes: expected.sizeBytes }),
        hashKnown: expected.sha256 !== undefined,
        largestBytes: largestUnknownBytes,
        stallMs: retry.stallMs,
        ...(options.signal && { signal: options.signal }),
        onBytes: (doneBytes, totalBytes) => options.onBytes?.(file, doneBytes, totalBytes),
      });
    }
    if (expected.sha256 !== undefined && part.sha256 !== expected.sha256) {
      throw new DownloadFailure('corrupt', `${shownUrl(url)}: expected sha256 ${expected.sha256}, got ${part.sha256}`);
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof DownloadFailure)) throw error;
    if (error.kind !== 'corrupt') return error;
    await part.restart();
    return resumed ? tryUrl(part, url, file, expected, options, retry) : error;
  }
}
