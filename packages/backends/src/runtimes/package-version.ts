import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);

/**
 * The version of an installed package, also of one that exports no package.json: then that above its main file is read.
 *
 * @returns undefined if it is not installed.
 */
export function packageVersion(name: string): string | undefined {
  try {
    return (require(`${name}/package.json`) as { version: string }).version;
  } catch {
    return versionAbove(name);
  }
}

function versionAbove(name: string): string | undefined {
  try {
    for (let folder = path.dirname(require.resolve(name)); ; folder = path.dirname(folder)) {
      const manifest = readManifest(path.join(folder, 'package.json'));
      if (manifest?.name === name) return manifest.version;
      if (folder === path.dirname(folder)) return undefined;
    }
  } catch {
    return undefined;
  }
}

function readManifest(file: string): { readonly name?: string; readonly version?: string } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
  } catch {
    return undefined;
  }
}
