import { existsSync, lstatSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatasetError, EnvironmentError, isRetinaBenchError } from '@retinabench/core';
import {
  AppendLog,
  lockFolder,
  makeFolder,
  probeFolder,
  readEntries,
  refuseLinks,
  replaceFile,
  writeAdvice,
} from '@retinabench/files';

/** Holds, inside a folder of outputs, the list of the files that were written there. */
const stateName = '.retinabench-files';

/**
 * A folder of files that a command makes and may make again. A file that it did not write is never replaced: each name is
 * written down, durably, before the file is.
 */
export class OwnedFolder {
  readonly folder: string;
  readonly #flag: string;
  readonly #own: Set<string>;
  #list: { readonly log: AppendLog<string>; readonly release: () => void } | undefined;

  /**
   * @param flag that named the folder, for messages: `--draw DIR`.
   * @throws {DatasetError} if the folder is a file, or its list is damaged.
   * @throws {EnvironmentError} if nothing can be written there.
   */
  constructor(folder: string, flag: string) {
    this.folder = folder;
    this.#flag = flag;
    if (existsSync(folder) && !statSync(folder).isDirectory()) {
      throw new DatasetError(`${folder}: expected a folder to write to, got a file; name another with ${flag}`);
    }
    refuseLinks([path.join(folder, stateName), listOf(folder)]);
    this.#own = new Set(readEntries(listOf(folder), parseName).entries);
    let nearest = path.resolve(folder);
    while (!existsSync(nearest)) nearest = path.dirname(nearest);
    this.#try(() => probeFolder(nearest));
  }

  /**
   * Write a file, with the folders that it needs; at every moment it is the old one or the new one.
   *
   * @param name path below the folder, of plain steps joined by `/`.
   * @throws {DatasetError} if a file of that name is there that this folder's list does not hold, or a step is a link.
   * @throws {EnvironmentError} if it cannot be written.
   */
  async write(name: string, content: Uint8Array | string): Promise<void> {
    const file = path.join(this.folder, name);
    refuseLinks(stepsBelow(this.folder, name));
    if (!this.#own.has(name) && lstatSync(file, { throwIfNoEntry: false }) !== undefined) {
      throw new DatasetError(
        `${file}: is there already and was not written by this command; move it away, or choose another folder with ${this.#flag}`,
      );
    }
    try {
      await makeFolder(path.dirname(file));
      this.#list ??= this.#openList();
      if (!this.#own.has(name)) this.#list.log.append(name);
      this.#own.add(name);
      replaceFile(file, content);
    } catch (cause) {
      throw this.#cannotWrite(cause);
    }
  }

  /** Close the list and give the folder back. */
  close(): void {
    this.#list?.log.close();
    this.#list?.release();
    this.#list = undefined;
  }

  #openList(): { log: AppendLog<string>; release: () => void } {
    const release = lockFolder(path.join(this.folder, stateName));
    try {
      return { log: AppendLog.open(listOf(this.folder), parseName), release };
    } catch (error) {
      release();
      throw error;
    }
  }

  #try(action: () => void): void {
    try {
      action();
    } catch (cause) {
      throw this.#cannotWrite(cause);
    }
  }

  #cannotWrite(cause: unknown): Error {
    if (isRetinaBenchError(cause)) return cause as Error;
    const advice = writeAdvice(cause, `name another folder with ${this.#flag}`);
    return new EnvironmentError(`${this.folder}: cannot write (${(cause as Error).message}); ${advice}`, { cause });
  }
}

function parseName(value: unknown, place: string): string {
  if (typeof value === 'string') return value;
  throw new DatasetError(
    `${place}: expected the name of a file, got ${typeof value}; remove the list, and the files with it`,
  );
}

function listOf(folder: string): string {
  return path.join(folder, stateName, 'files.jsonl');
}

/** The file and the folders between it and `folder`. */
function stepsBelow(folder: string, name: string): string[] {
  const steps = name.split('/');
  return steps.map((_, index) => path.join(folder, ...steps.slice(0, index + 1)));
}
