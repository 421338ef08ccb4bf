import { existsSync } from 'node:fs';
import path from 'node:path';

/** Run git in a folder, and give what it prints. */
export type RunGit = (args: readonly string[], cwd: string) => Promise<string>;

/**
 * Check out the submodules of a work tree as another work tree of the same repository has them, those within submodules included. Each
 * comes from the checkout that is there, without a network, where that has the commit; else from where git is configured to fetch it.
 * The configuration of the repository is not changed.
 *
 * @param here a work tree with its submodules.
 * @param tree a work tree of the same repository, without.
 * @returns paths of submodules of `tree` that `here` has not checked out, which are left empty.
 * @throws what `git` throws.
 */
export async function prepareSubmodules(here: string, tree: string, git: RunGit): Promise<string[]> {
  const left: string[] = [];
  for (const { name, place } of await submodulesOf(tree, git)) {
    const [own, other] = [path.join(here, place), path.join(tree, place)];
    if (!existsSync(path.join(own, '.git'))) {
      left.push(place);
      continue;
    }
    const [entry] = (await git(['ls-tree', 'HEAD', '--', place], tree)).split('\t');
    const commit = entry.split(' ')[2];
    const isHere = await git(['cat-file', '-e', `${commit}^{commit}`], own).then(
      () => true,
      () => false,
    );
    const source = isHere ? await localSource(name, own, git) : [];
    const active = ['-c', `submodule.${name}.active=true`];
    await git([...active, ...source, 'submodule', 'update', '--init', '--quiet', '--', place], tree);
    for (const inner of await prepareSubmodules(own, other, git)) left.push(path.posix.join(place, inner));
  }
  return left;
}

/** For this call alone git fetches from the repository that is checked out; it refuses files as an address of submodules otherwise. */
async function localSource(name: string, own: string, git: RunGit): Promise<string[]> {
  const repository = await git(['rev-parse', '--absolute-git-dir'], own);
  return ['-c', `submodule.${name}.url=${repository}`, '-c', 'protocol.file.allow=always'];
}

interface Submodule {
  readonly name: string;
  /** With slashes, below the work tree. */
  readonly place: string;
}

/** The submodules that a work tree lists and that are entries of its commit. */
async function submodulesOf(tree: string, git: RunGit): Promise<Submodule[]> {
  if (!existsSync(path.join(tree, '.gitmodules'))) return [];
  const listed = await git(['config', '--file', '.gitmodules', '--null', '--list'], tree);
  const entries = new Set(
    (await git(['ls-tree', '-r', '-z', 'HEAD'], tree))
      .split('\0')
      .filter((line) => line.startsWith('160000 '))
      .map((line) => line.slice(line.indexOf('\t') + 1)),
  );
  return listed.split('\0').flatMap((line) => {
    const [, name, place] = /^submodule\.(.+)\.path\n(.+)$/s.exec(line) ?? [];
    return name !== undefined && place !== undefined && entries.has(place) ? [{ name, place }] : [];
  });
}
