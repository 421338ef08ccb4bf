import { createHash } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { hasEnded, ownIdentity, type ProcessIdentity } from './process-identity.js';

let writes = 0;

/** What a file is to hold; text and bytes may come in parts, and are then as long as they like. */
export type FileContent = string | Uint8Array | Iterable<string> | Iterable<Uint8Array>;

/** Characters that are written at once. */
const bytesAtOnce = 1 << 20;

/**
 * Write a file so that at every moment its name shows either what was there before or all of the new content, also when
 * the process is killed or the disk fills. Drafts that killed processes left in the folder are removed.
 *
 * @param file its folder must exist; if it is a link, what it leads to is replaced, or made where there is nothing yet.
 * @throws the system's error; then the file is as it was and no draft is left.
 */
export function replaceFile(file: string, content: FileContent): void {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats !== undefined && !stats.isFile() && !stats.isDirectory()) {
    // A pipe or a device is written to, not replaced.
    const descriptor = openSync(file, 'w');
    try {
      writeParts(descriptor, content);
    } finally {
      closeSync(descriptor);
    }
    return;
  }
  const target = stats === undefined ? endOfLinks(file) : realpathSync(file);
  removeDrafts(path.dirname(target));
  writeThenRename(target, content, true);
}

/** Where a name leads to at which there is no file: the name itself, or what a link names. */
function endOfLinks(file: string): string {
  if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return file;
  const next = readlinkSync(file);
  // Not joined: ".." behind a linked folder is for the system to follow.
  return endOfLinks(path.isAbsolute(next) ? next : `${path.dirname(file)}/${next}`);
}

/**
 * Write files of one folder, each as `replaceFile` does but without waiting for the disk: a power cut may lose them, a
 * killed process does not.
 *
 * @param files name and content of each.
 * @throws as `replaceFile`; the files before the one that failed are written.
 */
export function replaceFiles(folder: string, files: Iterable<readonly [name: string, content: FileContent]>): void {
  removeDrafts(folder);
  for (const [name, content] of files) writeThenRename(path.join(folder, name), content, false);
}

/**
 * Check whether files can be written to a folder, by writing a byte and removing it.
 *
 * @param folder must exist.
 * @throws the system's error if not: it is read-only, full, or no folder.
 */
export function probeFolder(folder: string): void {
  const draft = path.join(folder, draftName(ownIdentity(), ++writes));
  try {
    writeFileSync(draft, '\n');
  } finally {
    rmSync(draft, { force: true });
  }
}

function writeThenRename(file: string, content: FileContent, flush: boolean): void {
  const draft = path.join(path.dirname(file), draftName(ownIdentity(), ++writes));
  try {
    const descriptor = openSync(draft, 'w');
    try {
      writeParts(descriptor, content);
      const mode = modeOf(file);
      if (mode !== undefined) fchmodSync(descriptor, mode);
      if (flush) fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

function writeParts(descriptor: number, content: FileContent): void {
  const parts = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
  let held = '';
  const write = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
  };
  for (const part of parts) {
    if (typeof part !== 'string') {
      write(part);
      continue;
    }
    held += part;
    if (held.length < bytesAtOnce) continue;
    write(Buffer.from(held));
    held = '';
  }
  write(Buffer.from(held));
}

/** Permissions of the file being replaced, which the new one keeps. */
function modeOf(file: string): number | undefined {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats?.isFile() ? stats.mode & 0o777 : undefined;
}

/** Remove the drafts of processes that have ended without removing them. */
function removeDrafts(folder: string): void {
  for (const name of readdirSync(folder)) {
    const writer = parseDraft(name);
    if (writer !== undefined && hasEnded(writer)) rmSync(path.join(folder, name), { force: true });
  }
}

/** The name contains process and machine, which shows whether the draft is still being written. */
function draftName({ pid, started, host }: ProcessIdentity, count: number): string {
  return `.retinabench-${hostMark(host)}-${pid}-${started}-${count}.tmp`;
}

function parseDraft(name: string): ProcessIdentity | undefined {
  const parts = /^\.retinabench-([0-9a-f]{8})-(\d+)-(\d*)-\d+\.tmp$/.exec(name);
  if (parts === null) return undefined;
  const host = os.hostname();
  if (parts[1] !== hostMark(host)) return undefined;
  return { pid: Number(parts[2]), started: parts[3], host };
}

function hostMark(host: string): string {
  return createHash('sha256').update(host).digest('hex').slice(0, 8);
}
