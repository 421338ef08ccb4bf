import { createHash } from 'node:crypto';
import { readFileSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import type { LoggedImage } from '@retinabench/backends/runs';
import { DatasetError, type JsonContract, objectSchema, readJson } from '@retinabench/core';
import { replaceFile } from '@retinabench/files';

/** What the folder of an event held when its prediction files were written. */
interface WrittenFolder {
  /** Of the images whose files it holds and of their detections. */
  readonly content: string;
  /** Changes when a file of the folder is added, removed, renamed or replaced. */
  readonly stamp: string;
}

const contract: JsonContract = {
  schema: {
    type: 'object',
    additionalProperties: objectSchema({ content: { type: 'string' }, stamp: { type: 'string' } }),
  },
  what: 'what prediction files were written',
  next: 'remove it, and it is written again',
  ErrorClass: DatasetError,
};

/** How far the time of a folder is set back, so that the next change of it shows whatever the clock of the disk resolves. */
const backMs = 10_000;

/**
 * Which folders of events hold their prediction files as a run wrote them, so that a run that goes on does not write all of
 * them again. A file that is changed in place, without being replaced, is not noticed.
 */
export class WrittenFolders {
  readonly #file: string;
  readonly #folder: string;
  readonly #known: Map<string, WrittenFolder>;

  /** @param folder of the run; what is known of it lies in `.retinabench/written.json`, of which a damaged one counts as none. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#file = path.join(folder, '.retinabench', 'written.json');
    this.#known = new Map(Object.entries(readKnown(this.#file)));
  }

  /** Whether an event's folder holds the files of exactly these images, made of these detections. */
  isWritten(event: string, images: readonly LoggedImage[]): boolean {
    const known = this.#known.get(event);
    return known !== undefined && known.content === contentOf(images) && known.stamp === stampOf(this.#placeOf(event));
  }

  /** Forget an event, before its files are written. */
  forget(event: string): void {
    this.#known.delete(event);
  }

  /** Remember that the files of these images have been written. */
  remember(event: string, images: readonly LoggedImage[]): void {
    const place = this.#placeOf(event);
    const time = new Date(Date.now() - backMs);
    utimesSync(place, time, time);
    const stamp = stampOf(place);
    if (stamp !== undefined) this.#known.set(event, { content: contentOf(images), stamp });
  }

  /** Write down what is known. @throws the system's error. */
  save(): void {
    replaceFile(this.#file, `${JSON.stringify(Object.fromEntries(this.#known))}\n`);
  }

  #placeOf(event: string): string {
    return path.join(this.#folder, event);
  }
}

function readKnown(file: string): Record<string, WrittenFolder> {
  try {
    return readJson(readFileSync(file, 'utf8'), file, contract);
  } catch {
    return {};
  }
}

/** The detections of an image are those of its bytes at a time. */
function contentOf(images: readonly LoggedImage[]): string {
  const hash = createHash('sha256');
  for (const { image, sha256, detectedAt } of images) hash.update(`${image}\n${sha256}\n${detectedAt}\n`);
  return hash.digest('hex');
}

function stampOf(folder: string): string | undefined {
  const stats = statSync(folder, { bigint: true, throwIfNoEntry: false });
  return stats?.isDirectory() === true ? `${stats.ino} ${stats.mtimeNs}` : undefined;
}
