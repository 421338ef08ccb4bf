import { readFile } from 'node:fs/promises';
import { DatasetError, decodeText, EnvironmentError } from '@retinabench/core';
import { requireRegularFile } from '@retinabench/files';
import type { Manifest } from './manifest.js';
import { parseManifest } from './parse.js';

/** Names of the manifests that come with this package. */
export const knownDatasets = ['wider-val', 'wider-train', 'wider-test', 'lfw', 'ijbc'] as const;

/**
 * The manifest of a data set: one that comes with this package by its name, or any by its file (`*.json`).
 *
 * @throws {DatasetError} if the name is unknown or the manifest malformed.
 * @throws {EnvironmentError} if the file cannot be read.
 */
export async function findManifest(nameOrFile: string): Promise<Manifest> {
  if (nameOrFile.endsWith('.json')) {
    await requireRegularFile(nameOrFile);
    const bytes = await readFile(nameOrFile).catch((cause: Error) => {
      throw new EnvironmentError(`${nameOrFile}: cannot read the manifest (${cause.message}); name an existing file`, {
        cause,
      });
    });
    return parseManifest(decodeText(bytes, nameOrFile), nameOrFile);
  }
  const known = knownDatasets.find((name) => name === nameOrFile);
  if (known === undefined) {
    throw new DatasetError(
      `${nameOrFile}: no such data set; known are ${knownDatasets.join(', ')}, or name a manifest file ending in .json`,
    );
  }
  const file = new URL(`../../data/manifests/${known}.json`, import.meta.url);
  return parseManifest(await readFile(file, 'utf8'), file.pathname);
}
