// The built program as the fault scripts run it, and a folder of their own.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { atExit } from './at-exit.mjs';

/** The program's file. */
export const program = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));

/** A folder that goes when the script ends. */
export function workFolder(name) {
  const folder = mkdtempSync(path.join(os.tmpdir(), `${name}-`));
  atExit(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Run the program to its end: `{ status, stdout, stderr }`. After `timeoutMs` it counts as hung: status null. */
export function run(args, { timeoutMs = 600_000, ...options } = {}) {
  return spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: 2 ** 28,
    ...options,
  });
}

/** Run the program, which must succeed. */
export function runOrThrow(args, options) {
  const result = run(args, options);
  if (result.status !== 0)
    throw new Error(`retinabench ${args.join(' ')} exited with ${result.status}: ${result.stderr}`);
  return result;
}

/** Start the program: its process, what it has said on standard error so far, and a promise of `{ status, signal, stdout, stderr }`. */
export function start(args, { command = [process.execPath], ...options } = {}) {
  const [first, ...rest] = [...command, program, ...args];
  const child = spawn(first, rest, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) {
    child[stream].setEncoding('utf8').on('data', (text) => {
      said[stream] += text;
    });
  }
  const ended = new Promise((resolve) => child.on('close', (status, signal) => resolve({ status, signal, ...said })));
  return { child, ended, said: () => said.stderr };
}
