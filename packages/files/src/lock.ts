import { randomInt } from 'node:crypto';
import { constants, copyFileSync, linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EnvironmentError } from '@retinabench/core/basics';
import { makeFolderSync } from './make-folder.js';
import { hasEnded, ownIdentity, type ProcessIdentity } from './process-identity.js';
import { writeAdvice } from './write-advice.js';

/** How often two processes that find the same abandoned lock back off before one gives up. */
const mostAttempts = 20;

/**
 * Take a folder for this process, so that two runs never write to it at once. A lock whose process is gone (killed, its
 * number reused, machine restarted) is taken over, without relying on clocks or file times.
 *
 * @returns a function that releases the folder; it is also released when the process exits.
 * @throws {EnvironmentError} if another process holds the folder, or it cannot be written.
 */
export function lockFolder(folder: string): () => void {
  const file = path.join(folder, 'lock');
  const own = ownIdentity();
  try {
    makeFolderSync(folder);
    take(folder, file, own);
  } catch (cause) {
    if (cause instanceof EnvironmentError) throw cause;
    throw new EnvironmentError(
      `${folder}: cannot write (${(cause as Error).message}); ${writeAdvice(cause, 'choose a folder that you may write to')}`,
      { cause },
    );
  }
  const release = (): void => {
    process.off('exit', release);
    if (readText(file) === JSON.stringify(own)) rmSync(file, { force: true });
  };
  process.on('exit', release);
  return release;
}

/**
 * The lock appears with its whole content or not at all: it is a link to this process's ticket beside it. Only a process
 * that sees no live ticket but its own may remove an abandoned lock. The writer of the later of two tickets sees the
 * earlier one, so two never both believe to be alone; if each sees the other, both back off for a moment.
 */
function take(folder: string, file: string, own: ProcessIdentity): void {
  const ticket = path.join(folder, ticketName(own));
  try {
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      writeFileSync(ticket, JSON.stringify(own));
      if (linkExclusively(ticket, file)) return;
      if (!isAbandoned(folder, file)) continue;
      if (isAlone(folder, own)) {
        // Check again: another process may have taken over the folder before this one was alone.
        if (isAbandoned(folder, file)) rmSync(file, { force: true });
      } else {
        rmSync(ticket);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, randomInt(5, 50));
      }
    }
  } finally {
    rmSync(ticket, { force: true });
  }
  throw inUse(folder, file, 'another process');
}

/** @returns whether `file` did not exist; a disk without links gets a copy. */
function linkExclusively(ticket: string, file: string): boolean {
  try {
    linkSync(ticket, file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
  }
  try {
    copyFileSync(ticket, file, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Whether the lock is there and its process has ended; false if it has just been released.
 *
 * @throws {EnvironmentError} if its process has not ended.
 */
function isAbandoned(folder: string, file: string): boolean {
  const text = readText(file);
  if (text === undefined) return false;
  const holder = parseHolder(text);
  if (holder === undefined || hasEnded(holder)) return true;
  const { pid, host } = holder;
  throw inUse(folder, file, host === ownIdentity().host ? `process ${pid}` : `process ${pid} on ${host}`);
}

/** Whether no other living process is about to take the folder; tickets of processes that were killed are removed. */
function isAlone(folder: string, own: ProcessIdentity): boolean {
  let alone = true;
  for (const name of readdirSync(folder)) {
    const other = parseTicket(name);
    if (other === undefined || name === ticketName(own)) continue;
    if (hasEnded(other)) rmSync(path.join(folder, name), { force: true });
    else alone = false;
  }
  return alone;
}

/** The name contains the process, so that even a ticket whose writer was killed before writing it can be attributed. */
function ticketName({ pid, started, host }: ProcessIdentity): string {
  return `lock.${pid}-${started}@${host}`;
}

function parseTicket(name: string): ProcessIdentity | undefined {
  const parts = /^lock\.(\d+)-(\d*)@(.*)$/.exec(name);
  return parts === null ? undefined : { pid: Number(parts[1]), started: parts[2], host: parts[3] };
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Who wrote a lock; undefined if unknown: the writer was killed before writing it, on a disk without links. */
function parseHolder(text: string): ProcessIdentity | undefined {
  try {
    const { pid, host, started } = JSON.parse(text) as Partial<ProcessIdentity>;
    if (typeof pid !== 'number' || typeof host !== 'string' || typeof started !== 'string') return undefined;
    return { pid, host, started };
  } catch {
    return undefined;
  }
}

function inUse(folder: string, file: string, holder: string): EnvironmentError {
  return new EnvironmentError(
    `${folder}: in use by ${holder}; wait for it to end or choose another folder (if it is not running, delete ${file})`,
  );
}
