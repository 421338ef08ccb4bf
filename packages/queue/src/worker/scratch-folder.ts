import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { hasEnded, ownIdentity, type ProcessIdentity } from '@retinabench/files';
import { removePrivateFolder } from './private-folder.js';

/**
 * Where this process keeps images that it fetches; the folder is made when there is one. Those that killed workers of this machine
 * left in the same place are removed: of the same user, whose process, told by its number and start, has ended.
 *
 * @param parent the folder for temporary files.
 * @returns the folder, `retinabench-worker-<machine>-<process>-<start>`.
 */
export async function scratchFolder(parent: string): Promise<string> {
  const own = ownIdentity();
  for (const name of await readdir(parent).catch(() => [])) {
    const holder = parseName(name, own.host);
    const folder = path.join(parent, name);
    // What cannot be removed stays: it is in nobody's way.
    if (holder !== undefined && hasEnded(holder)) await removePrivateFolder(folder).catch(() => undefined);
  }
  return path.join(parent, `${prefixOf(own.host)}${own.pid}-${own.started}`);
}

function prefixOf(host: string): string {
  return `retinabench-worker-${host}-`;
}

/** The process whose folder it is; undefined if it is none, or another machine's. */
function parseName(name: string, host: string): ProcessIdentity | undefined {
  const prefix = prefixOf(host);
  const parts = name.startsWith(prefix) ? /^(\d+)-(\d*)$/.exec(name.slice(prefix.length)) : null;
  return parts === null ? undefined : { host, pid: Number(parts[1]), started: parts[2] };
}
