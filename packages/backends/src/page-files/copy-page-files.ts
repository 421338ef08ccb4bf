import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { EnvironmentError, ProtocolError } from '@retinabench/core';
import { makeFolder, writeWhole } from '@retinabench/files';
import { formatCard } from '@retinabench/models';
import { cardPathOf, resolveModel } from '@retinabench/models/node';
import { libraryFiles, pageFilesOf, pageRuntimes } from './page-files.js';

/** What a page is to be served with. */
export interface PageFilesOptions {
  /** Ids of `pageRuntimes`. */
  readonly runtimes: readonly string[];
  /** The library itself, bundled, for pages that have no bundler. */
  readonly library?: boolean;
  /** An id of the zoo or a path; absent: no model. */
  readonly model?: string;
  /** Replace files of these names that have other content. */
  readonly replace?: boolean;
}

/** A file that lies in the folder now. */
export interface PageFile {
  readonly name: string;
  readonly bytes: number;
  /** It was there before, with the same content. */
  readonly unchanged: boolean;
}

/**
 * Put what a page loads beside its bundle into one folder: the files of runtimes under the names that they ask for, and a
 * model with its card.
 *
 * @param folder is made if it is not there.
 * @throws {ProtocolError} if a runtime is unknown; nothing is written.
 * @throws {BackendError} if the package of a runtime is not installed; nothing is written.
 * @throws {EnvironmentError} if a file of that name is there with other content, unless it may be replaced; nothing is written.
 */
export async function copyPageFiles(folder: string, options: PageFilesOptions): Promise<PageFile[]> {
  for (const runtime of options.runtimes) {
    if (!Object.hasOwn(pageRuntimes, runtime)) {
      throw new ProtocolError(`--runtime ${runtime}: expected one of ${Object.keys(pageRuntimes).join(', ')}`);
    }
  }
  const contents = new Map<string, Uint8Array>();
  const files = [...options.runtimes.flatMap(pageFilesOf), ...(options.library ? libraryFiles() : [])];
  for (const file of files) contents.set(path.basename(file), await readFile(file));
  if (options.model !== undefined) {
    const { onnxPath, bytes, card } = await resolveModel(options.model);
    contents.set(path.basename(onnxPath), bytes);
    contents.set(path.basename(cardPathOf(onnxPath)), new TextEncoder().encode(formatCard(card)));
  }
  const same = new Set<string>();
  for (const [name, content] of contents) {
    const file = path.join(folder, name);
    const before = await readFile(file).catch(() => undefined);
    if (before?.equals(content)) same.add(name);
    else if (before !== undefined && !options.replace) {
      throw new EnvironmentError(
        `${file}: expected no such file, got one with other content; --replace takes its place, or name another folder`,
      );
    }
  }
  await makeFolder(folder);
  for (const [name, content] of contents) if (!same.has(name)) await writeWhole(path.join(folder, name), content);
  return [...contents].map(([name, content]) => ({ name, bytes: content.length, unchanged: same.has(name) }));
}
