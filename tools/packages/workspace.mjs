import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of this workspace. */
export const workspaceRoot = fileURLToPath(new URL('../..', import.meta.url));

/** The order in which packages are packed and checked: each after what it imports. */
const folders = [
  'packages/core',
  'packages/files',
  'packages/results',
  'packages/annotations',
  'packages/models',
  'datasets',
  'packages/backends',
  'packages/queue',
  'packages/eval-wider',
  'packages/eval-ijbc',
  'packages/eval-detection',
  'packages/eval-landmarks',
  'packages/report',
  'packages/cli',
];

/** The packages that are published: folder below the root, absolute path and manifest. */
export function publishedPackages() {
  return folders.map((folder) => {
    const root = path.join(workspaceRoot, folder);
    return { folder, root, manifest: JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) };
  });
}

/** Every file that a manifest promises: targets of exports without a pattern, of bin, and the programs of sideEffects. */
export function promisedFiles({ exports = {}, bin = {}, sideEffects }) {
  const targets = Object.values(exports).flatMap((target) =>
    typeof target === 'string' ? target : Object.values(target),
  );
  return [...targets, ...Object.values(bin), ...(sideEffects || [])]
    .filter((file) => !file.includes('*'))
    .map((file) => path.posix.normalize(file));
}

/** What can be imported from a package by name: `@retinabench/models`, `@retinabench/models/node`. */
export function importableNames({ name, exports = {} }) {
  return Object.entries(exports)
    .filter(([, target]) => typeof target !== 'string')
    .map(([subpath]) => path.posix.join(name, subpath));
}

/** The first promised file that is not built, as a path below the workspace's root; undefined if all are. */
export function firstUnbuilt(packages) {
  for (const { folder, root, manifest } of packages) {
    const missing = promisedFiles(manifest).find((file) => !existsSync(path.join(root, file)));
    if (missing !== undefined) return path.join(folder, missing);
  }
  return undefined;
}
