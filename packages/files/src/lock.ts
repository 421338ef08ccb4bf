import { randomInt } from 'node:crypto';
import { constants, copyFileSync, linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EnvironmentError } from '@retinabench/core/basics';
import { hasBeat, keepBeating } from './lock-beat.js';
import { makeFolderSync } from './make-folder.js';
import { hasEnded, ownIdentity, type ProcessIdentity, processNamespace } from './process-identity.js';
import { writeAdvice } from './write-advice.js';

/** How often two processes that find the same abandoned lock back off before one gives up. */
const mostAttempts = 20;

/** Who holds a folder. */
interface Holder extends ProcessIdentity {
  /** Of its number: that of a process in another container of the same name says nothing here. Absent in locks of older versions. */
  readonly namespace?: string;
}

/**
 * Take a folder for this process, so that two runs never write to it at once. A lock whose process is gone (killed, its
 * number reused, machine restarted) is taken over, without relying on clocks or file times. Where it cannot be looked for, in
 * another container that has the name of this machine, it is taken over after 30 s in which nobody touches it.
 *
 * @returns a function that releases the folder; it is also released when the process exits.
 * @throws {EnvironmentError} if another process holds the folder, or it cannot be written.
 */
export function lockFolder(folder: string): () => void {
  const file = path.join(folder, 'lock');
  const own: Holder = { ...ownIdentity(), namespace: processNamespace() };
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
  const stopBeating = keepBeating(file, JSON.stringify(own));
  const release = (): void => {
    stopBeating();
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
function take(folder: string, file: string, own: Holder): void {
  const ticket = path.join(folder, ticketName(own));
  try {
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      writeFileSync(ticket, JSON.stringify(own));
      if (linkExclusively(ticket, file)) return;
      const abandoned = abandonedLock(folder, file, own);
      if (abandoned === undefined) continue;
      if (isAlone(folder, own)) {
        // Check again: another process may have taken over the folder before this one was alone.
        if (readText(file) === abandoned) rmSync(file, { force: true });
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
 * The content of a lock whose process has ended; undefined if it has just been released.
 *
 * @throws {EnvironmentError} if its process has not ended.
 */
function abandonedLock(folder: string, file: string, own: Holder): string | undefined {
  const text = readText(file);
  if (text === undefined) return undefined;
  const holder = parseHolder(text);
  if (holder === undefined) return text;
  const { pid, host, namespace = '' } = holder;
  if (host === own.host && namespace !== '' && own.namespace !== '' && namespace !== own.namespace) {
    if (!hasBeat(file)) return text;
    if (readText(file) !== text) return undefined;
    throw inUse(folder, file, `process ${pid} of another container that is called ${host}`);
  }
  if (hasEnded(holder)) return text;
  throw inUse(folder, file, host === own.host ? `process ${pid}` : `process ${pid} on ${host}`);
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
function parseHolder(text: string): Holder | undefined {
  try {
    const { pid, host, started, namespace } = JSON.parse(text) as Partial<Holder>;
    if (typeof pid !== 'number' || typeof host !== 'string' || typeof started !== 'string') return undefined;
    return { pid, host, started, ...(typeof namespace === 'string' ? { namespace } : {}) };
  } catch {
    return undefined;
  }
}

function inUse(folder: string, file: string, holder: string): EnvironmentError {
  return new EnvironmentError(
    `${folder}: in use by ${holder}; wait for it to end or choose another folder (if it is not running, delete ${file})`,
  );
}
