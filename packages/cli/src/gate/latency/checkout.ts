import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EnvironmentError } from '@retinabench/core';
import { printNote } from '../../terminal/output.js';
import { prepareSubmodules } from './prepare-submodules.js';
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
  return inWorkTree(base, signal, async ({ root, folder }) => {
    if (!(await linkPackages(root, folder, signal))) {
      const args = ['ci', '--no-audit', '--no-fund'];
      await runStep({ command: 'npm', args, cwd: folder }, 'cannot install the packages of the base', signal);
    }
    await runStep({ command: 'npx', args: ['tsc', '-b'], cwd: folder }, `${base} does not build`, signal);
    return folder;
  });
}

/**
 * The base of a comparison of two builds of any project: a temporary work tree of a revision, built by a command of the user's.
 *
 * @param build as for a shell, run where the working folder lies in the work tree; undefined: nothing is to be built.
 * @returns that folder.
 * @throws {EnvironmentError} if `base` is no revision, or does not build.
 * @throws the reason of `signal` if it aborts.
 */
export function prepareBuild(base: string, build: string | undefined, signal: AbortSignal): Promise<Checkout> {
  return inWorkTree(base, signal, async ({ root, folder }) => {
    const cwd = path.join(folder, path.relative(realpathSync(root), realpathSync(process.cwd())));
    if (!existsSync(cwd)) {
      throw new EnvironmentError(
        `${base}: expected the folder ${path.relative(folder, cwd)} in it, got none; run the gate in a folder that both have`,
      );
    }
    if (build !== undefined) await runStep({ command: build, cwd }, `${base} does not build`, signal);
    return cwd;
  });
}

/** Check a revision out with its submodules and prepare it; what was checked out is removed if that fails. */
async function inWorkTree(
  base: string,
  signal: AbortSignal,
  prepare: (tree: { readonly root: string; readonly folder: string }) => Promise<string>,
): Promise<Checkout> {
  const git = (args: readonly string[], cwd: string, failure: string): Promise<string> =>
    runStep({ command: 'git', args, cwd }, failure, signal);
  const root = await git(['rev-parse', '--show-toplevel'], process.cwd(), `${base} is no built checkout`);
  const commit = await git(
    ['rev-parse', '--verify', '--end-of-options', `${base}^{commit}`],
    root,
    `${base} is neither a built checkout nor a revision (on a CI machine, fetch the history: fetch-depth: 0)`,
  );
  const folder = path.join(mkdtempSync(path.join(os.tmpdir(), 'retinabench-base-')), 'tree');
  const remove = (): void => {
    spawnSync('git', ['worktree', 'remove', '--force', folder], { cwd: root });
    rmSync(path.dirname(folder), { recursive: true, force: true });
  };
  try {
    printNote(`building ${base} (${commit.slice(0, 12)})`);
    await git(['worktree', 'add', '--detach', folder, commit], root, `cannot check out ${base}`);
    const left = await prepareSubmodules(root, folder, (args, cwd) =>
      git(args, cwd, `cannot check out the submodules of ${base}`),
    );
    for (const place of left) {
      printNote(
        `${place}: a submodule of ${base} that is not checked out here; it is empty there, too (git submodule update --init checks it out)`,
      );
    }
    return { folder: await prepare({ root, folder }), remove };
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
    const said = [failure, step.args?.join(' '), cause.message].filter((part) => part !== undefined);
    throw new EnvironmentError(said.join(': '), { cause });
  }
}
