import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EnvironmentError } from '@retinabench/core';
import { printNote } from '../../terminal/output.js';

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
 * @throws {EnvironmentError} if it is neither, or does not build.
 */
export function prepareCheckout(base: string): Checkout {
  if (existsSync(path.join(base, builtProgram))) return { folder: path.resolve(base), remove: () => undefined };
  const root = run('git', ['rev-parse', '--show-toplevel'], process.cwd(), `${base} is no built checkout`);
  const commit = run(
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
    run('git', ['worktree', 'add', '--detach', folder, commit], root, `cannot check out ${base}`);
    install(root, folder);
    run('npx', ['tsc', '-b'], folder, `${base} does not build`);
    return { folder, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** The same lock file has the same packages: link them; else install. */
function install(root: string, folder: string): void {
  const lock = (where: string): string => readFileSync(path.join(where, 'package-lock.json'), 'utf8');
  const modules = path.join(root, 'node_modules');
  if (existsSync(modules) && lock(root) === lock(folder)) {
    const { status } = spawnSync('cp', ['-al', modules, path.join(folder, 'node_modules')]);
    if (status === 0) return;
  }
  run('npm', ['ci', '--no-audit', '--no-fund'], folder, 'cannot install the packages of the base');
}

function run(command: string, args: readonly string[], cwd: string, failure: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status === 0) return stdout.trim();
  const reason = error?.message ?? (stderr || stdout).trim().slice(-500);
  throw new EnvironmentError(`${failure}: ${command} ${args.join(' ')}: ${reason}`);
}
