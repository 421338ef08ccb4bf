import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentError } from '@retinabench/core';

/** A command of one side of a comparison. */
export interface MeasuringCommand {
  /** As for a shell; with `args`, the program alone. */
  readonly command: string;
  /** Given to the program as they are, without a shell. */
  readonly args?: readonly string[];
  /** Where it runs; default: here. */
  readonly cwd?: string;
}

/** More than any list of times. */
const maxOutputCharacters = 64 * 1024 * 1024;

/** How long an interrupted command may take to end by itself before it is killed. */
const graceMs = 1000;

/** On POSIX a command gets a process group of its own, so that all that its shell started can be ended with it. */
const ownGroup = process.platform !== 'win32';

/**
 * Run a command in a process of its own and wait for it.
 *
 * @param signal ends the command and everything it started: SIGTERM, and SIGKILL a second later.
 * @returns its standard output.
 * @throws {EnvironmentError} if it cannot start, fails or prints too much.
 * @throws the reason of `signal` if it aborts.
 */
export async function runCommand({ command, args, cwd }: MeasuringCommand, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const child = spawn(command, args ?? [], {
    shell: args === undefined,
    detached: ownGroup,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  const killNow = (): void => signalGroup(child, 'SIGKILL');
  let stop = (): void => undefined;
  // What a command started may keep its output open; an interrupt does not wait for that.
  const stopped = new Promise<void>((resolve) => {
    stop = () => resolve(endGroup(child));
  });
  signal.addEventListener('abort', stop, { once: true });
  // A second Ctrl-C, or a crash, ends this process at once: the command must not outlive it.
  process.once('exit', killNow);
  try {
    const ended = collect(child, command);
    ended.catch(() => undefined);
    await Promise.race([ended, stopped]);
    signal.throwIfAborted();
    return await ended;
  } catch (error) {
    if (!signal.aborted) throw error;
    await stopped;
    throw signal.reason;
  } finally {
    signal.removeEventListener('abort', stop);
    process.off('exit', killNow);
  }
}

/** Resolves to the command's standard output when it has ended well. */
function collect(child: ChildProcess, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (stdout.length > maxOutputCharacters) signalGroup(child, 'SIGKILL');
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-2000);
    });
    child.on('error', (cause) => {
      reject(new EnvironmentError(`${command}: cannot run it (${cause.message})`, { cause }));
    });
    child.on('close', (code, ending) => {
      if (code === 0) resolve(stdout);
      else if (stdout.length > maxOutputCharacters) {
        reject(
          new EnvironmentError(`${command}: expected times, got more than 64 MiB of output; print the times alone`),
        );
      } else {
        const message = `${command}: expected exit code 0, got ${code ?? ending}: ${stderr.trim() || stdout.trim().slice(-500) || 'no message'}`;
        reject(new EnvironmentError(message));
      }
    });
  });
}

/** Ask the command's processes to end, and kill those that have not within the grace. */
async function endGroup(child: ChildProcess): Promise<void> {
  signalGroup(child, 'SIGTERM');
  const until = performance.now() + graceMs;
  while (groupLives(child) && performance.now() < until) await sleep(20);
  signalGroup(child, 'SIGKILL');
  // One that left the group (setsid) may still hold them open, and with them this process.
  child.stdout?.destroy();
  child.stderr?.destroy();
}

function groupLives(child: ChildProcess): boolean {
  if (child.pid === undefined) return false;
  try {
    return process.kill(ownGroup ? -child.pid : child.pid, 0);
  } catch {
    return false;
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(ownGroup ? -child.pid : child.pid, signal);
  } catch {
    // It has ended already.
  }
}
