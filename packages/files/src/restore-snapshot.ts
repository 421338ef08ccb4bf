import { createHash, type Hash } from 'node:crypto';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { type LogPart, openSnapshot, type SnapshotSource } from './log-snapshot.js';

/** What a log holds, as far as it has been read and written. */
export interface LogExtent {
  /** Where the next entry goes, in bytes. */
  bytes: number;
  lines: number;
  /** Of these bytes, kept where a snapshot is. */
  hash: Hash | undefined;
}

/** Bytes of a log that are hashed at a time. */
const chunkBytes = 1 << 20;

/** What of a log its snapshot holds, restored; undefined where there is none of what the log begins with. */
export function restoreSnapshot(file: string, snapshot: SnapshotSource): LogExtent | undefined {
  const found = openSnapshot(snapshot.file, snapshot.form);
  if (found === undefined || !existsSync(file)) return undefined;
  const hash = hashPart(file, found.of);
  if (hash === undefined) return undefined;
  const parts = found.read();
  if (parts === undefined || !snapshot.restore(parts, found.of.lines)) return undefined;
  return { bytes: found.of.bytes, lines: found.of.lines, hash };
}

/** The hash of the first part of a log, to go on with; undefined if that is another. */
function hashPart(file: string, { bytes, sha256 }: LogPart): Hash | undefined {
  const hash = createHash('sha256');
  const descriptor = openSync(file, 'r');
  try {
    const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, bytes));
    for (let at = 0; at < bytes; ) {
      const read = readSync(descriptor, buffer, 0, Math.min(buffer.length, bytes - at), at);
      if (read === 0) return undefined;
      hash.update(buffer.subarray(0, read));
      at += read;
    }
  } finally {
    closeSync(descriptor);
  }
  return hash.copy().digest('hex') === sha256 ? hash : undefined;
}
