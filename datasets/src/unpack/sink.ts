import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DatasetError } from '@retinabench/core';
import { entryPath } from './entry-path.js';
import { placeEntry, type UnpackLimits, type UnpackRule } from './rules.js';

/** How an archive is unpacked. */
export interface UnpackOptions {
  readonly rules: readonly UnpackRule[];
  readonly limits: UnpackLimits;
  /** Told how many bytes have been written. */
  readonly onBytes?: (doneBytes: number) => void;
}

/** What an archive says of one of its entries. */
export interface EntryClaim {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
  readonly sizeBytes: number;
}

/** Takes the entries of one archive, checks each against limits and rules, and writes what is wanted below a root. */
export class UnpackSink {
  readonly #archive: string;
  readonly #root: string;
  readonly #options: UnpackOptions;
  #entries = 0;
  #claimedBytes = 0;
  #writtenBytes = 0;

  constructor(archive: string, root: string, options: UnpackOptions) {
    this.#archive = archive;
    this.#root = root;
    this.#options = options;
  }

  /**
   * Check an entry before anything of it is read.
   *
   * @returns where to write it, or undefined if it is a folder or not wanted.
   * @throws {DatasetError} if the entry is unsafe, or the archive asks for more than its limits.
   */
  admit({ name, kind, sizeBytes }: EntryClaim): string | undefined {
    entryPath(this.#root, name, this.#archive);
    if (kind === 'other') {
      throw new DatasetError(
        `${this.#archive}: entry ${JSON.stringify(name)} is a link or a device; only files are unpacked`,
      );
    }
    this.#entries++;
    this.#claimedBytes += sizeBytes;
    const { bytes, entries } = this.#options.limits;
    if (this.#entries > entries || this.#claimedBytes > bytes) {
      throw new DatasetError(
        `${this.#archive}: unpacks to more than its manifest allows (${entries} entries, ${bytes} bytes); get the archive from its publisher`,
      );
    }
    const placed = placeEntry(this.#options.rules, name);
    if (kind === 'folder' || placed === undefined) return undefined;
    return entryPath(this.#root, placed, this.#archive);
  }

  /**
   * Write an admitted entry; an existing name is an error.
   *
   * @param open opens its content; called once there is a place for it.
   * @throws {DatasetError} if the archive holds the name twice, or its data is damaged.
   */
  async write(target: string, open: () => Promise<AsyncIterable<Uint8Array>>): Promise<void> {
    await mkdir(path.dirname(target), { recursive: true });
    const counted = async function* (this: UnpackSink, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        this.#writtenBytes += chunk.length;
        this.#options.onBytes?.(this.#writtenBytes);
        yield chunk;
      }
    };
    try {
      await pipeline(await open(), counted.bind(this), createWriteStream(target, { flags: 'wx' }));
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      if (code === 'ENOSPC') throw cause;
      const what = code === 'EEXIST' ? 'holds it twice' : `is damaged (${message})`;
      throw new DatasetError(
        `${this.#archive}: ${path.relative(this.#root, target)}: the archive ${what}; pull it again`,
        {
          cause,
        },
      );
    }
  }
}
