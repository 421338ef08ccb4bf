import { isoTimeMs } from './iso-time.js';
import { isoTimeText } from './iso-time-text.js';
import type { ForgottenImage, LoggedImage } from './logged-image.js';

/** Numbers before those of the faces: width, height, times, and how many numbers follow of each kind. */
const fixed = 8;

/** Kinds of numbers that an image may lack. */
const absent = -1;

const hashBytes = 32;

/** Numbers of a chunk; more where one image has more, and then it is alone there. */
const chunkLength = 1 << 16;

/**
 * Finished images by name, of each the latest, held in few bytes: 150 and 8 a number of its faces. What is given out is read
 * from there.
 */
export class FinishedImages {
  readonly #indexOf = new Map<string, number>();
  readonly #names: string[] = [];
  /** Images that were forgotten without having been taken. */
  readonly #forgotten: string[] = [];
  /** Where the numbers of each image begin: the chunk, times `chunkLength`, and the place in it. */
  #starts = new Float64Array(64);
  readonly #chunks: Float64Array[] = [];
  /** Numbers that the last chunk holds. */
  #used = chunkLength;
  #hashes = Buffer.alloc(64 * hashBytes);
  /** Times that are not written as Date writes them. */
  readonly #times = new Map<number, string>();
  readonly #madeBy = new Map<number, readonly string[]>();

  get size(): number {
    return this.#indexOf.size;
  }

  has(image: string): boolean {
    return this.#indexOf.has(image);
  }

  /** What is held of an image: all but the name and the hash is read when it is asked for. */
  get(image: string): LoggedImage | undefined {
    const index = this.#indexOf.get(image);
    return index === undefined ? undefined : new HeldImage(this, index);
  }

  /** Take the latest of an image, or forget it. */
  take(entry: LoggedImage | ForgottenImage): void {
    if (!('forgotten' in entry)) this.set(entry.image, entry);
    else if (!this.delete(entry.image)) this.#forgotten.push(entry.image);
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
    const { detections, landmarks, points, dense } = entry;
    const index = this.#names.length;
    const length = fixed + detections.length + lengthOf(landmarks) + lengthOf(points) + lengthOf(dense);
    const [chunk, start] = this.#reserve(index, length);
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
    let at = copied(chunk, start + fixed, detections);
    at = copied(chunk, at, landmarks);
    at = copied(chunk, at, points);
    copied(chunk, at, dense);
  }

  delete(image: string): boolean {
    return this.#indexOf.delete(image);
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

  /** One of the first four numbers of an image. */
  numberOf(index: number, which: 0 | 1 | 2 | 3): number {
    return this.#chunkOf(index)[(this.#starts[index] % chunkLength) + which];
  }

  timeOf(index: number): string {
    return this.#times.get(index) ?? isoTimeText(this.numberOf(index, 2));
  }

  madeByOf(index: number): readonly string[] | undefined {
    return this.#madeBy.get(index);
  }

  /** The numbers of its detections (0), landmarks (1), points (2) or dense head (3). */
  partOf(index: number, part: 0 | 1 | 2 | 3): number[] | undefined {
    const chunk = this.#chunkOf(index);
    const start = this.#starts[index] % chunkLength;
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

  #chunkOf(index: number): Float64Array {
    return this.#chunks[Math.floor(this.#starts[index] / chunkLength)];
  }

  /** Room for an image of so many numbers: its chunk and its place there. An image lies in one chunk. */
  #reserve(index: number, length: number): readonly [chunk: Float64Array, start: number] {
    if (index >= this.#starts.length) {
      this.#starts = grown(this.#starts, new Float64Array(2 * this.#starts.length));
      this.#hashes = grown(this.#hashes, Buffer.alloc(2 * this.#hashes.length));
    }
    if (this.#chunks.length === 0 || this.#used + length > this.#chunks[this.#chunks.length - 1].length) {
      this.#chunks.push(new Float64Array(Math.max(chunkLength, length)));
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += length;
    this.#starts[index] = (this.#chunks.length - 1) * chunkLength + start;
    return [this.#chunks[this.#chunks.length - 1], start];
  }
}

/** An image that is read from where it is held. */
class HeldImage implements LoggedImage {
  readonly #held: FinishedImages;
  readonly #index: number;

  constructor(held: FinishedImages, index: number) {
    this.#held = held;
    this.#index = index;
  }

  get image(): string {
    return this.#held.nameOf(this.#index);
  }

  get widthPx(): number {
    return this.#held.numberOf(this.#index, 0);
  }

  get heightPx(): number {
    return this.#held.numberOf(this.#index, 1);
  }

  get detections(): readonly number[] {
    return this.#held.partOf(this.#index, 0) ?? [];
  }

  get sha256(): string {
    return this.#held.sha256Of(this.#index);
  }

  get detectedAt(): string {
    return this.#held.timeOf(this.#index);
  }

  get landmarks(): readonly number[] | undefined {
    return this.#held.partOf(this.#index, 1);
  }

  get points(): readonly number[] | undefined {
    return this.#held.partOf(this.#index, 2);
  }

  get dense(): readonly number[] | undefined {
    return this.#held.partOf(this.#index, 3);
  }

  get detectMs(): number | undefined {
    const detectMs = this.#held.numberOf(this.#index, 3);
    return detectMs === absent ? undefined : detectMs;
  }

  get madeBy(): readonly string[] | undefined {
    return this.#held.madeByOf(this.#index);
  }

  toJSON(): LoggedImage {
    return this.#held.entry(this.#index);
  }
}

function lengthOf(numbers: readonly number[] | undefined): number {
  return numbers?.length ?? 0;
}

/** Copy numbers to a place; returns the place behind them. */
function copied(into: Float64Array, from: number, numbers: readonly number[] = []): number {
  for (let index = 0; index < numbers.length; index++) into[from + index] = numbers[index];
  return from + numbers.length;
}

function grown<Values extends Float64Array | Buffer>(old: Values, larger: Values): Values {
  larger.set(old);
  return larger;
}
