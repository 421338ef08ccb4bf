import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

/** The built program. */
const program = path.resolve(import.meta.dirname, '../../dist/main.js');

/** What a finished command said. */
export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Run the program to its end. */
export function runProgram(args: readonly string[], cwd: string): Promise<Finished> {
  return startProgram(args, cwd).ended;
}

/** A command that runs. */
export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Finished>;
  /** What it has said on standard error so far. */
  said(): string;
}

/** Start the program. */
export function startProgram(args: readonly string[], cwd: string): Started {
  const child = spawn(process.execPath, [program, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Finished>((resolve) => {
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
  return { child, ended, said: () => stderr };
}

/** Start a worker of a queue with one child process. */
export function startWorker(url: string, cwd: string, more: readonly string[] = []): Started {
  return startProgram(['worker', '--queue', url, '--workers', '1', '--quiet', ...more], cwd);
}
