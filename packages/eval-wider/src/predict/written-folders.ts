import { createHash } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { contentKeyBytes, type LoggedImage, writeContentKey } from '@retinabench/backends/runs';
import { DatasetError, type JsonContract, objectSchema, readJson } from '@retinabench/core';
import { replaceFile } from '@retinabench/files';
import type { OutdatedFiles } from './submission.js';

/** What the folder of an event held when its prediction files were written. */
interface WrittenFolder {
  /** Of the images whose files it holds and of their detections. */
  readonly content: string;
  /** Of sizes, times of content and inode, and inodes of these files: changes when one is written to, replaced or removed. */
  readonly files: string;
}

const contract: JsonContract = {
  schema: {
    type: 'object',
    additionalProperties: objectSchema({ content: { type: 'string' }, files: { type: 'string' } }),
  },
  what: 'what prediction files were written',
  next: 'remove it, and it is written again',
  ErrorClass: DatasetError,
};

/**
 * Which folders of events hold their prediction files as a run wrote them, so that a run that goes on does not write all of
 * them again. A file that was changed since, in place too, shows by its stamp: the time of an inode is set by the system alone.
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

  /** Whether an event's folder holds the files of exactly these images, made of these detections. Cost: a `stat` an image. */
  isWritten(event: string, images: readonly LoggedImage[]): boolean {
    const known = this.#known.get(event);
    return known !== undefined && known.content === contentOf(images) && known.files === stampsOf(this.#folder, images);
  }

  /** Forget an event, before its files are written. */
  forget(event: string): void {
    this.#known.delete(event);
  }

  /** Remember that the files of these images have been written. */
  remember(event: string, images: readonly LoggedImage[]): void {
    const files = stampsOf(this.#folder, images);
    if (files !== undefined) this.#known.set(event, { content: contentOf(images), files });
  }

  /**
   * The images whose files are not as they would be written, and those of them whose file somebody changed after their
   * detection.
   */
  outdated(images: readonly LoggedImage[], format: (image: LoggedImage) => string): OutdatedFiles<LoggedImage> {
    const outdated = images.filter((image) => readText(fileOf(this.#folder, image)) !== format(image));
    return { outdated, changed: outdated.filter((image) => isYounger(fileOf(this.#folder, image), image.detectedAt)) };
  }

  /** Write down what is known. @throws the system's error. */
  save(): void {
    replaceFile(this.#file, `${JSON.stringify(Object.fromEntries(this.#known))}\n`);
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
  const keys = Buffer.alloc(images.length * contentKeyBytes);
  const hash = createHash('sha256');
  let held = '';
  images.forEach((image, index) => {
    const timeMs = writeContentKey(image, keys, index * contentKeyBytes);
    held += `${image.image}\n`;
    if (Number.isNaN(timeMs)) held += `${image.detectedAt}\n`;
    if (held.length < charactersAtOnce) return;
    hash.update(held);
    held = '';
  });
  return hash.update(held).update(keys).digest('hex');
}

/** Characters that are hashed at once. */
const charactersAtOnce = 1 << 16;

/** A hash of the stamps of the prediction files of these images; undefined if one is missing or no file. */
function stampsOf(folder: string, images: readonly LoggedImage[]): string | undefined {
  const stamps = new Float64Array(4 * images.length);
  for (let index = 0; index < images.length; index++) {
    const stats = lstatSync(fileOf(folder, images[index]), { throwIfNoEntry: false });
    if (stats?.isFile() !== true) return undefined;
    stamps[4 * index] = stats.size;
    stamps[4 * index + 1] = stats.mtimeMs;
    stamps[4 * index + 2] = stats.ctimeMs;
    stamps[4 * index + 3] = stats.ino;
  }
  return createHash('sha256').update(stamps).digest('hex');
}

function readText(file: string): string | undefined {
  try {
    return lstatSync(file).isFile() ? readFileSync(file, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a file was changed after a time (ISO-8601). One that is older is of detections that the run has made again. */
function isYounger(file: string, time: string): boolean {
  const stats = lstatSync(file, { throwIfNoEntry: false });
  return stats !== undefined && stats.ctimeMs > Date.parse(time);
}

function fileOf(folder: string, { image }: LoggedImage): string {
  return `${folder}${path.sep}${image}.txt`;
}
