import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Begins the names of the folders that browsers get. */
const prefix = 'retinabench-browser-';

/** The file that says whose a folder is. */
const ownerFile = 'owner.json';

/** Who uses a folder. */
interface Owner {
  readonly retinabench: 'browser';
  /** The process that made it. */
  readonly maker: number;
  /** The process that keeps the browser, and the browser, once they run. */
  readonly keeper?: number;
  readonly browser?: number;
}

/** Make a folder for a browser's profile below the system's folder for temporary files; nobody else can read it. */
export function makeBrowserFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), prefix));
  writeOwner(folder, { retinabench: 'browser', maker: process.pid });
  mkdirSync(profileOf(folder));
  mkdirSync(temporaryOf(folder));
  return folder;
}

/** The browser's profile in its folder. */
export function profileOf(folder: string): string {
  return path.join(folder, 'profile');
}

/** What the browser takes for the system's folder for temporary files: it leaves sockets there when it is killed. */
function temporaryOf(folder: string): string {
  return path.join(folder, 'tmp');
}

/** What such a socket adds to the path of a folder. */
const socketName = '/org.chromium.Chromium.XXXXXX/SingletonSocket';

/** Longest path of a socket on macOS; Linux has four characters more. */
const longestSocket = 103;

/** Environment by which the browser keeps its temporary files in its folder, where the path leaves room for a socket's. */
export function temporaryEnvironment(folder: string): Readonly<Record<string, string>> {
  const temporary = temporaryOf(folder);
  return Buffer.byteLength(temporary) + socketName.length > longestSocket ? {} : { TMPDIR: temporary };
}

/** Say which processes use the folder from now on. */
export function claimBrowserFolder(folder: string, keeper: number, browser: number | undefined): void {
  const { maker } = readOwner(folder) ?? { maker: keeper };
  writeOwner(folder, { retinabench: 'browser', maker, keeper, ...(browser === undefined ? {} : { browser }) });
}

/** Remove a folder; a file that the browser still writes is waited for. */
export function removeBrowserFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  } catch {
    // What is left is removed at the next start: its owner has ended.
  }
}

/**
 * Remove the folders of browsers whose processes have ended without doing so: all of them were killed. A browser that outlived
 * them is ended first. Folders without this program's mark, and those of other users, are left alone.
 */
export function sweepBrowserFolders(): void {
  for (const name of listTemporary()) {
    const folder = path.join(os.tmpdir(), name);
    const owner = readOwner(folder);
    if (owner === undefined || [owner.maker, owner.keeper].some((pid) => pid !== undefined && isAlive(pid))) continue;
    if (owner.browser !== undefined && runsIn(owner.browser, folder)) endGroup(owner.browser);
    removeBrowserFolder(folder);
  }
}

/** End a process and those that it started, which share its group. */
export function endGroup(pid: number): void {
  try {
    process.kill(os.platform() === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

function listTemporary(): string[] {
  try {
    return readdirSync(os.tmpdir()).filter((name) => name.startsWith(prefix));
  } catch {
    return [];
  }
}

function readOwner(folder: string): Owner | undefined {
  try {
    const owner = JSON.parse(readFileSync(path.join(folder, ownerFile), 'utf8')) as Partial<Owner>;
    return owner.retinabench === 'browser' && typeof owner.maker === 'number' ? (owner as Owner) : undefined;
  } catch {
    return undefined;
  }
}

function writeOwner(folder: string, owner: Owner): void {
  writeFileSync(path.join(folder, ownerFile), JSON.stringify(owner));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Whether the process is a browser of this folder, and not another that got its number. */
function runsIn(pid: number, folder: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
  } catch {
    return false;
  }
}
