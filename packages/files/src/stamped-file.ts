import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { DatasetError } from '@retinabench/core/basics';
import type { FileTimes } from './packed-digests.js';

/** How often a file that changes while it is read is read again. */
const mostReadings = 3;

/**
 * Time that must lie between the last change of a file and its reading, in nanoseconds, for its stamp to be trusted. A
 * change within one tick of the file system's clock (2 s on FAT, 1 s on some network disks) leaves the stamp as it was.
 */
const racyNs = 3_000_000_000n;

/** The content of a file, with a stamp that shows later whether it has changed. */
export interface StampedFile {
  readonly bytes: Uint8Array;
  /** 64 hex digits. */
  readonly sha256: string;
  /** Absent where the file was changed just before it was read (git's "racily clean"): its stamp proves nothing. */
  readonly stamp?: string;
}

/** What `stat` with `bigint: true` says of a file, as far as stamps need it. */
export interface StampSource {
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly ino: bigint;
}

/**
 * What changes when a file is written to or replaced: size, times of its content and of its inode in nanoseconds, and its
 * inode. The latter time is set by the system alone, so that neither `cp -p` nor `touch` restores it.
 */
export function stampOf({ size, mtimeNs, ctimeNs, ino }: StampSource): string {
  return `${short(size)} ${mtimeNs} ${ctimeNs} ${short(ino)}`;
}

/** The same number in a form that is written in a fifth of the time, where there is one. */
function short(value: bigint): bigint | number {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The stamp of a file now; undefined if there is none. Cost: one `stat`. */
export async function readStamp(file: string): Promise<string | undefined> {
  return stat(file, { bigint: true }).then(stampOf, () => undefined);
}

/** As `readStamp`, waiting for the disk: on a local one less than half the work. */
export function readStampSync(file: string): string | undefined {
  try {
    const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
    return stats === undefined ? undefined : stampOf(stats);
  } catch {
    return undefined;
  }
}

/** Size, times and inode of a file now as numbers; undefined if there is none. Cost: one `stat`. */
export async function readTimes(file: string): Promise<FileTimes | undefined> {
  return stat(file).catch(() => undefined);
}

/** As `readTimes`, waiting for the disk: on a local one less than half the work. */
export function readTimesSync(file: string): FileTimes | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/**
 * Read a file once, and hash what was read.
 *
 * @throws {DatasetError} if it changes while it is read, three times over.
 * @throws the system's error if it cannot be read.
 */
export async function readStampedFile(file: string): Promise<StampedFile> {
  for (let reading = 0; reading < mostReadings; reading++) {
    const nowNs = BigInt(Date.now()) * 1_000_000n;
    const handle = await open(file, 'r');
    try {
      const before = await handle.stat({ bigint: true });
      const bytes = await handle.readFile();
      const after = await handle.stat({ bigint: true });
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      // Pipes and devices have no stable content.
      if (!before.isFile()) return { bytes, sha256 };
      if (stampOf(before) !== stampOf(after)) continue;
      const isRacy = [after.mtimeNs, after.ctimeNs].some((changedNs) => changedNs > nowNs - racyNs);
      return { bytes, sha256, ...(isRacy ? {} : { stamp: stampOf(after) }) };
    } finally {
      await handle.close();
    }
  }
  throw new DatasetError(
    `${file}: changed while it was read, ${mostReadings} times over; run again when nobody writes it`,
  );
}
