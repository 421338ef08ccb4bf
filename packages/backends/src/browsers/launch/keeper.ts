import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import os from 'node:os';
import { claimBrowserFolder, endGroup, removeBrowserFolder } from './browser-folder.js';

/** What a keeper is told: which browser to run, and where. */
export interface KeeperTask {
  readonly executable: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** The browser is driven through the pipes 3 and 4. */
  readonly pipes: boolean;
}

/*
 * Runs a browser and outlives whoever asked for it by as long as it takes to end it: once standard input closes, which it does
 * however the other end ends, the browser's processes are killed and its folder is removed. Ends with the browser's exit code,
 * or 128 and the number of the signal that ended it.
 */
const { executable, args, folder, env, pipes } = JSON.parse(process.argv[2]) as KeeperTask;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

const browser = spawn(executable, args, {
  // A group of its own: Ctrl-C in a terminal does not reach it, and the whole group can be ended.
  detached: os.platform() !== 'win32',
  stdio: ['ignore', 'ignore', 'inherit', ...(pipes ? [3, 4] : [])],
  env: { ...process.env, ...env },
});
if (pipes) for (const pipe of [3, 4]) closeSync(pipe);
claimBrowserFolder(folder, process.pid, browser.pid);

const end = (code: number): void => {
  if (browser.pid !== undefined) endGroup(browser.pid);
  removeBrowserFolder(folder);
  process.exit(code);
};
browser.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  end(127);
});
browser.on('exit', (code, signal) => end(code ?? 128 + (signal === null ? 0 : os.constants.signals[signal])));

const release = (): void => {
  if (browser.pid === undefined) end(0);
  else endGroup(browser.pid);
};
process.stdin.on('end', release);
process.stdin.on('error', release);
process.stdin.resume();
