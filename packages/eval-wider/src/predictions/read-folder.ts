import { closeSync, type Dirent, openSync, readdirSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatasetError, EnvironmentError } from '@retinabench/core';
import { PredictionsBuilder } from './builder.js';
import { FindingLog } from './finding.js';
import { parsePredictionFile, type ReadingRules } from './parse-file.js';
import type { WiderPredictions } from './predictions.js';

/**
 * Read a folder of predictions in the WIDER FACE submission layout, `<event>/<image>.txt`.
 *
 * @param folder     its path; files that are not `<event>/*.txt`, and hidden ones, are left alone.
 * @param onProgress called after each file with the number read so far and the number of all.
 * @throws {EnvironmentError} if the folder or a file in it cannot be read.
 * @throws {DatasetError} if there is no prediction file, or one is malformed (with file and line).
 * Cost: linear in the bytes of the files; holds one file at a time.
 */
export function readPredictions(
  folder: string,
  rules: ReadingRules,
  onProgress?: (done: number, total: number) => void,
): WiderPredictions {
  const files = listFiles(folder);
  if (files.length === 0) {
    throw new DatasetError(
      `${folder}: expected prediction files <event>/<image>.txt, got none; is this the folder that holds the event folders?`,
    );
  }
  const builder = new PredictionsBuilder();
  const log = new FindingLog();
  const reader = new FileReader();
  files.forEach(({ event, name }, index) => {
    const place = path.join(folder, event, name);
    const bytes = reader.read(place);
    parsePredictionFile({ bytes, place, event, stem: name.slice(0, -'.txt'.length) }, rules, builder, log);
    onProgress?.(index + 1, files.length);
  });
  return builder.build(log.findings());
}

function listFiles(folder: string): { readonly event: string; readonly name: string }[] {
  const events = list(folder)
    .filter((entry) => isFolder(folder, entry))
    .map(({ name }) => name)
    .sort();
  return events.flatMap((event) =>
    list(path.join(folder, event))
      .filter((entry) => entry.name.endsWith('.txt') && !isHidden(entry) && !isFolder(path.join(folder, event), entry))
      .map(({ name }) => name)
      .sort()
      .map((name) => ({ event, name })),
  );
}

/** Hidden files are left by systems (`._name.txt`), not written by detectors. */
function isHidden({ name }: Dirent): boolean {
  return name.startsWith('.');
}

function isFolder(parent: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return statSync(path.join(parent, entry.name), { throwIfNoEntry: false })?.isDirectory() === true;
}

function list(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    throw new EnvironmentError(
      `${folder}: expected a folder of predictions, which cannot be read (${(cause as Error).message}); choose another with --pred DIR`,
      { cause },
    );
  }
}

/** Reads files one after another into one buffer. */
class FileReader {
  #buffer = new Uint8Array(256 * 1024);

  /** The bytes of `file`, valid until the next call. */
  read(file: string): Uint8Array {
    let descriptor: number | undefined;
    try {
      descriptor = openSync(file, 'r');
      let size = 0;
      for (;;) {
        const read = readSync(descriptor, this.#buffer, size, this.#buffer.length - size, null);
        if (read === 0) return this.#buffer.subarray(0, size);
        size += read;
        if (size === this.#buffer.length) this.#grow();
      }
    } catch (cause) {
      throw new EnvironmentError(`${file}: cannot be read (${(cause as Error).message})`, { cause });
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  }

  #grow(): void {
    const larger = new Uint8Array(2 * this.#buffer.length);
    larger.set(this.#buffer);
    this.#buffer = larger;
  }
}
