import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { DatasetError, EnvironmentError, isRetinaBenchError } from '@retinabench/core';
import { makeDraftFolder, makeFolder, writeAdvice } from '@retinabench/files';
import type { WrittenFile, WrittenSet } from '../writing/written-files.js';

/** What was written. */
export interface WrittenCounts {
  readonly files: number;
  readonly bytes: number;
}

/**
 * Write a set to its place, as a whole: it is built beside the place and moved there when it is finished, so that nothing partial
 * is ever there.
 *
 * @param target must not exist; its folder is made.
 * @param signal ends it between two files, and nothing is left.
 * @throws {DatasetError} if there is something already, which is left as it is.
 * @throws {EnvironmentError} if it cannot be written; then nothing is left.
 */
export async function writeSet(set: WrittenSet, target: string, signal?: AbortSignal): Promise<WrittenCounts> {
  await requireFree(target);
  const parent = path.dirname(path.resolve(target));
  let draft: string | undefined;
  try {
    await makeFolder(parent);
    draft = await makeDraftFolder(parent, path.basename(target));
    const inner = path.join(draft, 'content');
    if (set.kind === 'folder') await makeFolder(inner);
    const counts = { files: 0, bytes: 0 };
    for (const file of set.files) {
      signal?.throwIfAborted();
      const place = set.kind === 'file' ? inner : path.join(inner, file.name);
      if (set.kind === 'folder') await makeFolder(path.dirname(place));
      counts.bytes += writeFile(place, file, set.kind === 'file');
      counts.files++;
      // Lets an interrupt in.
      if (counts.files % 256 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await requireFree(target);
    renameSync(inner, target);
    return counts;
  } catch (cause) {
    if (isRetinaBenchError(cause) || signal?.aborted === true) throw cause;
    throw new EnvironmentError(
      `${target}: cannot be written (${(cause as Error).message}); ${writeAdvice(cause, 'choose another place with --out PATH')}`,
      { cause },
    );
  } finally {
    if (draft !== undefined) rmSync(draft, { recursive: true, force: true });
  }
}

/** @throws {DatasetError} if there is something at a place. */
async function requireFree(target: string): Promise<void> {
  const there = await lstat(target).catch(() => undefined);
  if (there === undefined) return;
  throw new DatasetError(
    `${target}: expected a new file or folder, got one that is there already and is not replaced; choose another place with --out PATH, or move it away`,
  );
}

/**
 * @param flush wait for the disk; of thousands of files that takes minutes, and a power cut alone makes the difference.
 * @returns the number of bytes.
 */
function writeFile(place: string, { parts }: WrittenFile, flush: boolean): number {
  const descriptor = openSync(place, 'wx');
  let written = 0;
  try {
    for (const part of parts) {
      const bytes = Buffer.from(part);
      for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
      written += bytes.length;
    }
    if (flush) fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return written;
}
