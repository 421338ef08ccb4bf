import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EnvironmentError } from '@retinabench/core';
import { printNote } from '../../terminal/output.js';
import { type MeasuringCommand, runCommand } from './run-command.js';

/** A built checkout of RetinaBench. */
export interface Checkout {
  readonly folder: string;
  /** Remove what was made for it. */
  readonly remove: () => void;
}

/** Where a built checkout has its program. */
const builtProgram = path.join('packages', 'cli', 'dist', 'main.js');

/**
 * The base of a comparison: a folder that holds a built checkout, or a git revision, which is checked out and built in a
 * temporary work tree.
 *
 * @param signal ends what is running and removes the work tree.
 * @throws {EnvironmentError} if it is neither, or does not build.
 * @throws the reason of `signal` if it aborts.
 */
export async function prepareCheckout(base: string, signal: AbortSignal): Promise<Checkout> {
  if (existsSync(path.join(base, builtProgram))) return { folder: path.resolve(base), remove: () => undefined };
  const run = (command: string, args: readonly string[], cwd: string, failure: string): Promise<string> =>
    runStep({ command, args, cwd }, failure, signal);
  const root = await run('git', ['rev-parse', '--show-toplevel'], process.cwd(), `${base} is no built checkout`);
  const commit = await run(
    'git',
    ['rev-parse', '--verify', '--end-of-options', `${base}^{commit}`],
    root,
    `${base} is neither a built checkout nor a revision`,
  );
  const folder = path.join(mkdtempSync(path.join(os.tmpdir(), 'retinabench-base-')), 'tree');
  const remove = (): void => {
    spawnSync('git', ['worktree', 'remove', '--force', folder], { cwd: root });
    rmSync(path.dirname(folder), { recursive: true, force: true });
  };
  try {
    printNote(`building ${base} (${commit.slice(0, 12)})`);
    await run('git', ['worktree', 'add', '--detach', folder, commit], root, `cannot check out ${base}`);
    if (!(await linkPackages(root, folder, signal))) {
      await run('npm', ['ci', '--no-audit', '--no-fund'], folder, 'cannot install the packages of the base');
    }
    await run('npx', ['tsc', '-b'], folder, `${base} does not build`);
    return { folder, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** The same lock file has the same packages: link them. */
async function linkPackages(root: string, folder: string, signal: AbortSignal): Promise<boolean> {
  const lock = (where: string): string => readFileSync(path.join(where, 'package-lock.json'), 'utf8');
  const modules = path.join(root, 'node_modules');
  if (!existsSync(modules) || lock(root) !== lock(folder)) return false;
  const args = ['-al', modules, path.join(folder, 'node_modules')];
  return runCommand({ command: 'cp', args }, signal).then(
    () => true,
    (error: unknown) => {
      if (signal.aborted) throw error;
      return false;
    },
  );
}

async function runStep(step: MeasuringCommand, failure: string, signal: AbortSignal): Promise<string> {
  try {
    return (await runCommand(step, signal)).trim();
  } catch (cause) {
    if (signal.aborted || !(cause instanceof EnvironmentError)) throw cause;
    throw new EnvironmentError(`${failure}: ${step.args?.join(' ')}: ${cause.message}`, { cause });
  }
}
