import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { prepareSubmodules } from '../../src/gate/latency/prepare-submodules.js';

const root = mkdtempSync(path.join(os.tmpdir(), 'retinabench-submodules-'));
const main = path.resolve(import.meta.dirname, '../../dist/main.js');
afterAll(() => rmSync(root, { recursive: true, force: true }));

function git(cwd: string, ...args: string[]): string {
  const settings = ['user.name=a', 'user.email=a@b.c', 'protocol.file.allow=always'].flatMap((one) => ['-c', one]);
  const { status, stdout, stderr } = spawnSync('git', [...settings, ...args], { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

/** As the gate calls git: with the settings of the user alone. */
const plainGit = async (args: readonly string[], cwd: string): Promise<string> => {
  const { status, stdout, stderr } = spawnSync('git', args as string[], { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
};

function newRepository(folder: string, file: string, text: string): string {
  mkdirSync(folder, { recursive: true });
  git(folder, 'init', '-q', '-b', 'main');
  return write(folder, file, text);
}

function write(folder: string, file: string, text: string): string {
  writeFileSync(path.join(folder, file), text);
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', text);
  return git(folder, 'rev-parse', 'HEAD');
}

/** A project with `lib (1)` in it, that has `deep` in it, and `unused`; all where they were fetched from is gone afterwards. */
function project(name: string): { folder: string; base: string } {
  const at = (part: string): string => path.join(root, name, part);
  newRepository(at('deep'), 'deep.txt', 'deep');
  newRepository(at('lib'), 'times.txt', '[20.1, 20.2, 20.3]');
  git(at('lib'), 'submodule', '--quiet', 'add', at('deep'), 'deep');
  git(at('lib'), 'commit', '-q', '-m', 'deep');
  newRepository(at('unused'), 'unused.txt', 'unused');
  newRepository(at('app'), 'app.txt', 'app');
  git(at('app'), 'submodule', '--quiet', 'add', '--name', 'the lib', at('lib'), 'lib (1)');
  git(at('app'), 'submodule', '--quiet', 'add', at('unused'), 'unused');
  git(at('app'), 'submodule', '--quiet', 'update', '--init', '--recursive');
  const base = write(at('app'), 'app.txt', 'base');
  git(at('app'), 'submodule', '--quiet', 'deinit', '--force', 'unused');
  const inner = path.join(at('app'), 'lib (1)');
  write(inner, 'times.txt', '[30.1, 30.2, 30.3]');
  write(at('app'), 'app.txt', 'head');
  for (const gone of ['lib', 'deep', 'unused']) rmSync(at(gone), { recursive: true });
  return { folder: at('app'), base };
}

describe('prepareSubmodules', () => {
  it('checks out each at the commit of the tree from what is checked out here, those within them, too, without their origin', async () => {
    const { folder, base } = project('own');
    const tree = path.join(root, 'own/tree');
    git(folder, 'worktree', 'add', '--detach', tree, base);
    const configuration = readFileSync(path.join(folder, '.git/config'), 'utf8');
    expect(await prepareSubmodules(folder, tree, plainGit)).toEqual(['unused']);
    expect(readFileSync(path.join(tree, 'lib (1)/times.txt'), 'utf8')).toBe('[20.1, 20.2, 20.3]');
    expect(readFileSync(path.join(tree, 'lib (1)/deep/deep.txt'), 'utf8')).toBe('deep');
    expect(existsSync(path.join(tree, 'unused/unused.txt'))).toBe(false);
    expect(readFileSync(path.join(folder, '.git/config'), 'utf8')).toBe(configuration);
    expect(git(tree, 'status', '--porcelain')).toBe('');
  });

  it('has nothing to do in a tree without submodules', async () => {
    const folder = path.join(root, 'plain');
    newRepository(folder, 'a.txt', 'a');
    expect(await prepareSubmodules(folder, folder, plainGit)).toEqual([]);
  });
});

describe('gate --latency REF --run', () => {
  it('measures the base with its submodules, and removes them with it', () => {
    const { folder } = project('gate');
    const flags = ['--run', 'cat "lib (1)/times.txt"', '--max-pairs', '12', '--json'];
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'gate', '--latency', 'HEAD~1', ...flags], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, GITHUB_ACTIONS: '' },
    });
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/unused: a submodule of HEAD~1 that is not checked out/),
    ]);
    const total = JSON.parse(stdout).results.find(({ rule }: { rule: string }) => rule === 'latency.total');
    // 10 % quantiles of the lists (R-7, position 0.2): 20.12 and 30.12.
    expect(total.values.change).toBeCloseTo(30.12 / 20.12 - 1, 9);
    expect(git(folder, 'worktree', 'list').split('\n')).toHaveLength(1);
    expect(existsSync(path.join(folder, '.git/worktrees'))).toBe(false);
  });
});
