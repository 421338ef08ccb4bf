import { closeSync, type Dirent, openSync, readdirSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatasetError, EnvironmentError } from '@retinabench/core/basics';
import { PredictionsBuilder } from './builder.js';
import { FindingLog } from './finding.js';
import { parsePredictionFile, type ReadingRules } from './parse-file.js';
import type { WiderPredictions } from './predictions.js';

/** How a folder of predictions is read. */
export interface FolderRules extends ReadingRules {
  /** Names `<event>/<image>` of the annotated images, by which files without event folders find their events. */
  readonly annotated?: readonly string[];
}

/** Detections of a file that there is room for from the start; public runs on WIDER FACE val have 90. */
const roomPerFile = 128;

/** 40 MiB; beyond it the room grows as it is needed. */
const mostRoom = 1 << 20;

/** A prediction file and the image that it is named after. */
interface ListedFile {
  readonly event: string;
  readonly stem: string;
  readonly place: string;
}

/**
 * Read a folder of predictions in the WIDER FACE submission layout, `<event>/<image>.txt`, or with all files in one folder
 * where the annotated images tell the events.
 *
 * @param folder     its path; files that are not `<event>/*.txt`, and hidden files and folders, are left alone.
 * @param onProgress called after each file with the number read so far and the number of all.
 * @throws {EnvironmentError} if the folder or a file in it cannot be read.
 * @throws {DatasetError} if there is no prediction file, one is malformed (with file and line) or no regular file, or the
 * event of a file cannot be told.
 * Cost: linear in the bytes of the files; holds one file at a time.
 */
export function readPredictions(
  folder: string,
  rules: FolderRules,
  onProgress?: (done: number, total: number) => void,
): WiderPredictions {
  const log = new FindingLog();
  const inEvents = listFiles(folder);
  const files = inEvents.length > 0 ? inEvents : listFlat(folder, rules.annotated, log);
  const builder = new PredictionsBuilder(Math.min(roomPerFile * files.length, mostRoom));
  const reader = new FileReader();
  files.forEach(({ place, ...file }, index) => {
    parsePredictionFile({ bytes: reader.read(place), place, ...file }, rules, builder, log);
    onProgress?.(index + 1, files.length);
  });
  return builder.build(log.findings());
}

function listFiles(folder: string): ListedFile[] {
  const events = list(folder)
    .filter((entry) => !isHidden(entry) && isFolder(folder, entry))
    .map(({ name }) => name)
    .sort();
  return events.flatMap((event) => textFiles(path.join(folder, event)).map((file) => ({ event, ...file })));
}

/** Files in one folder, each with the event of the one annotated image of its name. */
function listFlat(folder: string, annotated: readonly string[] | undefined, log: FindingLog): ListedFile[] {
  const files = textFiles(folder);
  if (files.length === 0 || annotated === undefined) {
    const found = files.length === 0 ? 'none' : `none in event folders, and ${files.length} beside them`;
    throw new DatasetError(
      `${folder}: expected prediction files <event>/<image>.txt, got ${found}; is this the folder that holds the event folders?`,
    );
  }
  const events = new Map<string, string[]>();
  for (const name of annotated) {
    const slash = name.indexOf('/');
    const image = name.slice(slash + 1);
    events.set(image, [...(events.get(image) ?? []), name.slice(0, slash)]);
  }
  const listed = files.map(({ stem, place }) => {
    const known = events.get(stem.normalize('NFC')) ?? [];
    if (known.length !== 1) {
      throw new DatasetError(
        `${place}: expected event folders, <event>/<image>.txt, or names that tell the event; got a file without, and ${known.length === 0 ? 'no annotated image' : `${known.length} annotated images (in ${known.slice(0, 2).join(', ')})`} of that name; put each file into the folder of its event`,
      );
    }
    return { event: known[0], stem, place };
  });
  log.note('flat', folder, 0, () => `${files.length} files lie in one folder, without event folders`);
  return listed;
}

/** The `.txt` files of a folder, by name. */
function textFiles(folder: string): { readonly stem: string; readonly place: string }[] {
  return list(folder)
    .filter((entry) => entry.name.endsWith('.txt') && !isHidden(entry) && !isFolder(folder, entry))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((entry) => {
      const place = path.join(folder, entry.name);
      // A pipe or a device would block its reader.
      const stats = entry.isFile() ? undefined : statSync(place, { throwIfNoEntry: false });
      if (stats !== undefined && !stats.isFile()) {
        throw new DatasetError(
          `${place}: expected a regular file, got a pipe, socket or device; remove it or write the predictions into a file`,
        );
      }
      return { stem: entry.name.slice(0, -'.txt'.length), place };
    });
}

/** Hidden files and folders are left by systems and editors (`._name.txt`, `.ipynb_checkpoints`), not by detectors. */
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
        const room = this.#buffer.length - size;
        const read = readSync(descriptor, this.#buffer, size, room, null);
        size += read;
        // Of a regular file a read gives less than asked for only at its end.
        if (read < room) return this.#buffer.subarray(0, size);
        this.#grow();
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
