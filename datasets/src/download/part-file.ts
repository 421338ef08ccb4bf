import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { writeWhole } from '@retinabench/files';

/** Where the bytes of an unfinished download came from. */
export interface PartOrigin {
  readonly url: string;
  readonly validator?: string;
}

/**
 * A download that is not complete yet: `<target>.part`, only ever appended to, with its origin beside it. Whatever
 * moment the process is killed at, the part is a prefix of the file, and `<target>` does not exist.
 */
export class PartFile {
  readonly #target: string;
  #handle: FileHandle | undefined;
  #hash: Hash = createHash('sha256');
  #sizeBytes = 0;

  constructor(target: string) {
    this.#target = target;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** SHA-256 of the bytes so far, 64 hex digits. */
  get sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  get #file(): string {
    return `${this.#target}.part`;
  }

  /** Open what is there, or begin; reads it once for the hash. */
  async open(): Promise<void> {
    const { size } = await stat(this.#file).catch(() => ({ size: 0 }));
    this.#handle = await open(this.#file, 'a');
    if (size > 0) for await (const chunk of createReadStream(this.#file)) this.#hash.update(chunk as Uint8Array);
    this.#sizeBytes = size;
  }

  /** Where the bytes came from, if known. */
  async origin(): Promise<PartOrigin | undefined> {
    try {
      const value = JSON.parse(await readFile(`${this.#file}.json`, 'utf8')) as Partial<PartOrigin>;
      if (typeof value.url !== 'string') return undefined;
      return typeof value.validator === 'string' ? { url: value.url, validator: value.validator } : { url: value.url };
    } catch {
      return undefined;
    }
  }

  /** Remember where the bytes come from; without a target file of that name nothing reads it. */
  async setOrigin(origin: PartOrigin): Promise<void> {
    await writeWhole(`${this.#file}.json`, JSON.stringify(origin));
  }

  async append(chunk: Uint8Array): Promise<void> {
    await this.#handle?.writeFile(chunk);
    this.#hash.update(chunk);
    this.#sizeBytes += chunk.length;
  }

  /** Drop all bytes. */
  async restart(): Promise<void> {
    await this.#handle?.truncate(0);
    this.#hash = createHash('sha256');
    this.#sizeBytes = 0;
    await rm(`${this.#file}.json`, { force: true });
  }

  /** Put the finished file on disk for good and show it under its name. */
  async publish(): Promise<void> {
    await this.#handle?.sync();
    await this.close();
    await rename(this.#file, this.#target);
    await rm(`${this.#file}.json`, { force: true });
    await syncFolder(path.dirname(this.#target));
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }
}

/** Make a rename last; not every system can open a folder, and none needs it for what a reader sees. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
