import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  makeBrowserFolder,
  sweepBrowserFolders,
  temporaryEnvironment,
} from '../../src/browsers/launch/browser-folder.js';

const before = process.env.TMPDIR;
let temporary: string;

beforeEach(() => {
  temporary = mkdtempSync(path.join(os.tmpdir(), 'browser-folder-test-'));
  process.env.TMPDIR = temporary;
});
afterEach(() => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  rmSync(temporary, { recursive: true, force: true });
});

/** The number of a process that has ended. */
function endedPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

function folderOf(owner: object | undefined): string {
  const folder = path.join(temporary, `retinabench-browser-${Math.random()}`);
  mkdirSync(path.join(folder, 'profile'), { recursive: true });
  if (owner !== undefined) writeFileSync(path.join(folder, 'owner.json'), JSON.stringify(owner));
  return folder;
}

test('a folder whose processes have all ended is removed', () => {
  const left = folderOf({ retinabench: 'browser', maker: endedPid(), keeper: endedPid(), browser: endedPid() });
  sweepBrowserFolders();
  expect(existsSync(left)).toBe(false);
});

test('a folder in use, and one that this program did not make, are left alone', () => {
  const used = makeBrowserFolder();
  const kept = folderOf({ retinabench: 'browser', maker: endedPid(), keeper: process.pid });
  const unmarked = folderOf(undefined);
  const foreign = folderOf({ maker: endedPid() });
  sweepBrowserFolders();
  expect([used, kept, unmarked, foreign].map((folder) => existsSync(folder))).toEqual([true, true, true, true]);
});

test('what a browser leaves among temporary files lies in its folder, where a socket of it has a path short enough', () => {
  expect(existsSync(path.join(makeBrowserFolder(), 'tmp'))).toBe(true);
  // 103 bytes at most: 54 of the folder, 4 of /tmp, 45 of the socket.
  expect(temporaryEnvironment(`/${'x'.repeat(53)}`)).toEqual({ TMPDIR: `/${'x'.repeat(53)}/tmp` });
  expect(temporaryEnvironment(`/${'x'.repeat(54)}`)).toEqual({});
});
