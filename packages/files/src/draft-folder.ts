import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { hasEnded } from './process-identity.js';

/**
 * A new folder in which something is built out of sight, to be renamed to its place when it is whole. Drafts that
 * killed processes of this machine left in the same folder are removed; the state of the process decides, not the age of the folder.
 *
 * @param parent must exist.
 * @param name   of what is built.
 * @returns the draft, `.draft-<machine>-<process>-<name>-<random>`.
 * @throws the system's error if it cannot be made.
 */
export async function makeDraftFolder(parent: string, name: string): Promise<string> {
  const own = `.draft-${os.hostname()}-`;
  for (const entry of await readdir(parent)) {
    const pid = entry.startsWith(own) ? Number.parseInt(entry.slice(own.length), 10) : Number.NaN;
    if (pid > 0 && pid !== process.pid && hasEnded({ pid, host: os.hostname(), started: '' })) {
      await rm(path.join(parent, entry), { recursive: true, force: true });
    }
  }
  return mkdtemp(path.join(parent, `${own}${process.pid}-${name}-`));
}
