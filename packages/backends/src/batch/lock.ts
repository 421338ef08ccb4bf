import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EnvironmentError } from '@retinabench/core';
import { makeFolderSync } from './make-folder.js';

/**
 * Take a folder for this process, so that two runs never write to it at once. A lock whose process is gone (killed,
 * machine restarted) is taken over.
 *
 * @returns a function that gives the folder back; it is also given back when the process exits.
 * @throws {EnvironmentError} if another process holds the folder, or it cannot be written.
 */
export function lockFolder(folder: string): () => void {
  const file = path.join(folder, 'lock');
  try {
    makeFolderSync(folder);
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        writeFileSync(file, JSON.stringify({ pid: process.pid, host: os.hostname(), started: startOf(process.pid) }), {
          flag: 'wx',
        });
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        const holder = attempt === 0 ? holderOf(file) : 'another process';
        if (holder !== undefined) {
          throw new EnvironmentError(
            `${folder}: in use by ${holder}; wait for it to end or choose another folder (if it is not running, delete ${file})`,
          );
        }
        rmSync(file, { force: true });
      }
    }
  } catch (cause) {
    if (cause instanceof EnvironmentError) throw cause;
    throw new EnvironmentError(
      `${folder}: cannot write (${(cause as Error).message}); choose a folder that you may write to`,
      { cause },
    );
  }
  const release = (): void => {
    process.off('exit', release);
    rmSync(file, { force: true });
  };
  process.on('exit', release);
  return release;
}

/** Who holds the lock, or undefined if its process is gone. */
function holderOf(file: string): string | undefined {
  try {
    const { pid, host, started } = JSON.parse(readFileSync(file, 'utf8')) as {
      pid: number;
      host: string;
      started: string;
    };
    if (host !== os.hostname()) return `process ${pid} on ${host}`;
    process.kill(pid, 0);
    return started === startOf(pid) ? `process ${pid}` : undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'a process of another user' : undefined;
  }
}

/** When a process started, in the kernel's own unit, to tell it from a later one of the same number; '' where unknown. */
function startOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[19];
  } catch {
    return '';
  }
}
