import { joinNames, splitNames } from '@retinabench/files';
import { copyNumbers } from './copy-numbers.js';
import { HeldImage } from './held-image.js';
import { isoTimeMs } from './iso-time.js';
import { isoTimeText } from './iso-time-text.js';
import type { ForgottenImage, LoggedImage } from './logged-image.js';
import { PackedNumbers } from './packed-numbers.js';

/** Numbers before those of the faces: width, height, times, and how many numbers follow of each kind. */
const fixed = 8;

/** Kinds of numbers that an image may lack. */
const absent = -1;

const hashBytes = 32;

/** What a snapshot holds beside numbers, hashes and names. */
interface Head {
  readonly images: number;
  /** Parts that hold numbers. */
  readonly numbers: number;
  readonly forgotten: string[];
  readonly times: readonly (readonly [index: number, time: string])[];
  readonly madeBy: readonly (readonly [index: number, madeBy: readonly string[]])[];
}

/**
 * Finished images by name, of each the latest, held in few bytes: 150 and 8 a number of its faces. What is given out is read
 * from there.
 */
export class FinishedImages {
  readonly #indexOf = new Map<string, number>();
  #names: string[] = [];
  /** Images that were forgotten without having been taken. */
  #forgotten: string[] = [];
  readonly #numbers = new PackedNumbers();
  #hashes: Buffer = Buffer.alloc(64 * hashBytes);
  /** Times that are not written as Date writes them. */
  readonly #times = new Map<number, string>();
  readonly #madeBy = new Map<number, readonly string[]>();
  /** Where the image after the one that was looked up last lies. */
  #next = 0;
  /** Lines of a log that this is made of: each takes an image or forgets one. */
  #lines = 0;

  get size(): number {
    return this.#indexOf.size;
  }

  has(image: string): boolean {
    return this.#indexOf.has(image);
  }

  /** What is held of an image: all but the name and the hash is read when it is asked for. */
  get(image: string): LoggedImage | undefined {
    const index = this.#find(image);
    return index === undefined ? undefined : new HeldImage(this, index);
  }

  /** Take the latest of an image, or forget it. */
  take(entry: LoggedImage | ForgottenImage): void {
    if (!('forgotten' in entry)) this.set(entry.image, entry);
    else if (!this.delete(entry.image)) {
      this.#forgotten.push(entry.image);
      this.#lines++;
    }
  }

  /** Whether so many images, all of them finished, are all that were ever taken or forgotten. */
  areAll(images: number): boolean {
    return this.#forgotten.length === 0 && this.#indexOf.size === images && this.#names.length === images;
  }

  /** All images that were ever taken or forgotten. */
  everNamed(): Set<string> {
    const names = new Set(this.#names);
    for (const name of this.#forgotten) names.add(name);
    return names;
  }

  set(image: string, entry: LoggedImage): void {
    this.#lines++;
    const { detections, landmarks, points, dense } = entry;
    const index = this.#names.length;
    const length = fixed + detections.length + (landmarks?.length ?? 0) + (points?.length ?? 0) + (dense?.length ?? 0);
    const [chunk, start] = this.#numbers.reserve(index, length);
    this.#makeRoom(index);
    const earlier = this.#indexOf.get(image);
    if (earlier !== undefined) this.#times.delete(earlier);
    if (entry.madeBy !== undefined) this.#madeBy.set(index, entry.madeBy);
    this.#indexOf.set(image, index);
    this.#names.push(image);
    this.#hashes.write(entry.sha256, index * hashBytes, hashBytes, 'hex');
    const timeMs = isoTimeMs(entry.detectedAt);
    if (timeMs === undefined) this.#times.set(index, entry.detectedAt);
    chunk[start] = entry.widthPx;
    chunk[start + 1] = entry.heightPx;
    chunk[start + 2] = timeMs ?? Number.NaN;
    chunk[start + 3] = entry.detectMs ?? absent;
    chunk[start + 4] = detections.length;
    chunk[start + 5] = landmarks?.length ?? absent;
    chunk[start + 6] = points?.length ?? absent;
    chunk[start + 7] = dense?.length ?? absent;
    let at = copyNumbers(chunk, start + fixed, detections);
    at = copyNumbers(chunk, at, landmarks);
    at = copyNumbers(chunk, at, points);
    copyNumbers(chunk, at, dense);
  }

  delete(image: string): boolean {
    const isDeleted = this.#indexOf.delete(image);
    if (isDeleted) this.#lines++;
    return isDeleted;
  }

  keys(): IterableIterator<string> {
    return this.#indexOf.keys();
  }

  *values(): Generator<LoggedImage> {
    for (const index of this.#indexOf.values()) yield this.entry(index);
  }

  nameOf(index: number): string {
    return this.#names[index];
  }

  sha256Of(index: number): string {
    return this.#hashes.toString('hex', index * hashBytes, (index + 1) * hashBytes);
  }

  /** As writeContentKey. */
  writeKey(index: number, into: Buffer, at: number): number {
    const timeMs = this.numberOf(index, 2);
    this.#hashes.copy(into, at, index * hashBytes, (index + 1) * hashBytes);
    into.writeDoubleLE(timeMs, at + hashBytes);
    return timeMs;
  }

  /** One of the first four numbers of an image, or how many numbers its detections have. */
  numberOf(index: number, which: 0 | 1 | 2 | 3 | 4): number {
    return this.#numbers.chunkOf(index)[this.#numbers.startOf(index) + which];
  }

  timeOf(index: number): string {
    return this.#times.get(index) ?? isoTimeText(this.numberOf(index, 2));
  }

  madeByOf(index: number): readonly string[] | undefined {
    return this.#madeBy.get(index);
  }

  /** The numbers of its detections (0), landmarks (1), points (2) or dense head (3). */
  partOf(index: number, part: 0 | 1 | 2 | 3): number[] | undefined {
    const chunk = this.#numbers.chunkOf(index);
    const start = this.#numbers.startOf(index);
    const counts = start + 4;
    if (chunk[counts + part] === absent) return undefined;
    let at = start + fixed;
    for (let before = 0; before < part; before++) at += Math.max(chunk[counts + before], 0);
    return Array.from(chunk.subarray(at, at + chunk[counts + part]));
  }

  /** An image as its line of the log has it. */
  entry(index: number): LoggedImage {
    const [landmarks, points, dense] = [this.partOf(index, 1), this.partOf(index, 2), this.partOf(index, 3)];
    const detectMs = this.numberOf(index, 3);
    const madeBy = this.madeByOf(index);
    return {
      image: this.nameOf(index),
      widthPx: this.numberOf(index, 0),
      heightPx: this.numberOf(index, 1),
      detections: this.partOf(index, 0) ?? [],
      sha256: this.sha256Of(index),
      detectedAt: this.timeOf(index),
      ...(landmarks && { landmarks }),
      ...(points && { points }),
      ...(dense && { dense }),
      ...(detectMs === absent ? {} : { detectMs }),
      ...(madeBy && { madeBy }),
    };
  }

  /**
   * What is held, as `restore` takes it: a head in JSON, hashes, numbers, names. Of an image that was
   * taken twice it is the latest alone.
   *
   * @returns undefined if this is not what a log of so many lines holds, or a name cannot be written down.
   */
  parts(lines: number): readonly Uint8Array[] | undefined {
    if (lines !== this.#lines) return undefined;
    if (this.size !== this.#names.length) return this.#compacted().parts(lines);
    const names = joinNames(this.#names);
    if (names === undefined) return undefined;
    const { size } = this;
    const numbers = this.#numbers.parts(size);
    const head: Head = {
      images: size,
      numbers: numbers.length,
      forgotten: this.#forgotten,
      times: [...this.#times],
      madeBy: [...this.#madeBy],
    };
    return [Buffer.from(JSON.stringify(head)), this.#hashes.subarray(0, size * hashBytes), ...numbers, ...names];
  }

  /** Hold what `parts` gave, where nothing is held yet. @returns false, and nothing is held, if they are not such. */
  restore([json, hashes, ...others]: readonly Buffer[], lines: number): boolean {
    const head = JSON.parse(json.toString()) as Head;
    const names = splitNames(others.slice(head.numbers));
    if (names.length !== head.images || hashes.length !== names.length * hashBytes) return false;
    this.#numbers.restore(others.slice(0, head.numbers));
    names.forEach((name, index) => {
      this.#indexOf.set(name, index);
    });
    this.#names = names;
    this.#forgotten = head.forgotten;
    for (const [index, time] of head.times) this.#times.set(index, time);
    for (const [index, madeBy] of head.madeBy) this.#madeBy.set(index, madeBy);
    this.#hashes = hashes;
    this.#lines = lines;
    return true;
  }

  /** The same without what images had that were taken again or forgotten. */
  #compacted(): FinishedImages {
    const compacted = new FinishedImages();
    for (const image of this.values()) compacted.set(image.image, image);
    compacted.#forgotten = [...this.everNamed()].filter((name) => !this.has(name));
    compacted.#lines = this.#lines;
    return compacted;
  }

  /** The place of an image: behind that which was looked up before, where images are looked up in the order of the log. */
  #find(image: string): number | undefined {
    const areAllLatest = this.#indexOf.size === this.#names.length;
    const index = areAllLatest && this.#names[this.#next] === image ? this.#next : this.#indexOf.get(image);
    if (index !== undefined) this.#next = index + 1;
    return index;
  }

  #makeRoom(index: number): void {
    if (index * hashBytes < this.#hashes.length) return;
    const hashes = Buffer.alloc(Math.max(64, 2 * index) * hashBytes);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
  }
}
