import { spawn } from 'node:child_process';
import { EnvironmentError } from '@retinabench/core';

/** A command of one side of a comparison. */
export interface MeasuringCommand {
  /** As for a shell. */
  readonly command: string;
  /** Where it runs; default: here. */
  readonly cwd?: string;
}

/** More than any list of times. */
const maxOutputCharacters = 64 * 1024 * 1024;

/**
 * Run a command in a process of its own and wait for it.
 *
 * @returns its standard output.
 * @throws {EnvironmentError} if it cannot start, fails, prints too much, or is interrupted.
 */
export function runCommand({ command, cwd }: MeasuringCommand, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, {
      shell: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
      ...(cwd === undefined ? {} : { cwd }),
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (stdout.length > maxOutputCharacters) child.kill();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-2000);
    });
    child.on('error', (cause) => {
      const reason = signal.aborted
        ? 'interrupted: a comparison that is cut short has no verdict'
        : `cannot run it (${cause.message})`;
      reject(new EnvironmentError(`${command}: ${reason}`, { cause }));
    });
    child.on('close', (code, ending) => {
      if (code === 0) resolve(stdout);
      else
        reject(
          new EnvironmentError(
            `${command}: expected exit code 0, got ${code ?? ending}: ${stderr.trim() || 'no message'}`,
          ),
        );
    });
  });
}
