import { joinNames, PackedHashes, splitNames } from '@retinabench/files';
import { copyNumbers } from './copy-numbers.js';
import { HeldImage, type ImageList, type ImageNumber, writeDouble } from './held-image.js';
import { isoTimeMs } from './iso-time.js';
import { isoTimeText } from './iso-time-text.js';
import type { ForgottenImage, LoggedImage } from './logged-image.js';
import { PackedNumbers } from './packed-numbers.js';

/** Where the numbers of an image stand that every image has, and behind them the lengths of its lists. */
const numberPlaces = { widthPx: 0, heightPx: 1, timeMs: 2, detectMs: 3 } as const satisfies Record<ImageNumber, number>;
const lengthPlaces = { detections: 4, landmarks: 5, points: 6, dense: 7 } as const satisfies Record<ImageList, number>;

/** The lists, in the order of their lengths, follow from here on. */
const listsFrom = 8;

/** In the place of a number or a length: the image has none. */
const absent = -1;

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
  readonly #hashes = new PackedHashes();
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
    const length =
      listsFrom + detections.length + (landmarks?.length ?? 0) + (points?.length ?? 0) + (dense?.length ?? 0);
    const [chunk, start] = this.#numbers.reserve(index, length);
    const earlier = this.#indexOf.get(image);
    if (earlier !== undefined) this.#times.delete(earlier);
    if (entry.madeBy !== undefined) this.#madeBy.set(index, entry.madeBy);
    this.#indexOf.set(image, index);
    this.#names.push(image);
    this.#hashes.set(index, entry.sha256);
    const timeMs = isoTimeMs(entry.detectedAt);
    if (timeMs === undefined) this.#times.set(index, entry.detectedAt);
    chunk[start + numberPlaces.widthPx] = entry.widthPx;
    chunk[start + numberPlaces.heightPx] = entry.heightPx;
    chunk[start + numberPlaces.timeMs] = timeMs ?? Number.NaN;
    chunk[start + numberPlaces.detectMs] = entry.detectMs ?? absent;
    chunk[start + lengthPlaces.detections] = detections.length;
    chunk[start + lengthPlaces.landmarks] = landmarks?.length ?? absent;
    chunk[start + lengthPlaces.points] = points?.length ?? absent;
    chunk[start + lengthPlaces.dense] = dense?.length ?? absent;
    let at = copyNumbers(chunk, start + listsFrom, detections);
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
    return this.#hashes.at(index);
  }

  /** As writeContentKey. */
  writeKey(index: number, into: Uint8Array, at: number): number {
    const timeMs = this.numberOf(index, 'timeMs');
    this.#hashes.copy(index, into, at);
    writeDouble(timeMs, into, at + 32);
    return timeMs;
  }

  numberOf(index: number, which: ImageNumber): number {
    return this.#numbers.chunkOf(index)[this.#numbers.startOf(index) + numberPlaces[which]];
  }

  lengthOf(index: number, which: ImageList): number {
    return this.#numbers.chunkOf(index)[this.#numbers.startOf(index) + lengthPlaces[which]];
  }

  timeOf(index: number): string {
    return this.#times.get(index) ?? isoTimeText(this.numberOf(index, 'timeMs'));
  }

  madeByOf(index: number): readonly string[] | undefined {
    return this.#madeBy.get(index);
  }

  listOf(index: number, which: ImageList): number[] | undefined {
    const length = this.lengthOf(index, which);
    if (length === absent) return undefined;
    const chunk = this.#numbers.chunkOf(index);
    const start = this.#numbers.startOf(index);
    let at = start + listsFrom;
    for (let before = start + lengthPlaces.detections; before < start + lengthPlaces[which]; before++) {
      at += Math.max(chunk[before], 0);
    }
    return Array.from(chunk.subarray(at, at + length));
  }

  /** An image as its line of the log has it. */
  entry(index: number): LoggedImage {
    const landmarks = this.listOf(index, 'landmarks');
    const points = this.listOf(index, 'points');
    const dense = this.listOf(index, 'dense');
    const detectMs = this.numberOf(index, 'detectMs');
    const madeBy = this.madeByOf(index);
    return {
      image: this.nameOf(index),
      widthPx: this.numberOf(index, 'widthPx'),
      heightPx: this.numberOf(index, 'heightPx'),
      detections: this.listOf(index, 'detections') ?? [],
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
    return [Buffer.from(JSON.stringify(head)), this.#hashes.part(size), ...numbers, ...names];
  }

  /** Hold what `parts` gave, where nothing is held yet. @returns false, and nothing is held, if they are not such. */
  restore([json, hashes, ...others]: readonly Uint8Array[], lines: number): boolean {
    const head = JSON.parse(new TextDecoder().decode(json)) as Head;
    const names = splitNames(others.slice(head.numbers));
    if (names.length !== head.images || !this.#hashes.restore(hashes, names.length)) return false;
    this.#numbers.restore(others.slice(0, head.numbers));
    names.forEach((name, index) => {
      this.#indexOf.set(name, index);
    });
    this.#names = names;
    this.#forgotten = head.forgotten;
    for (const [index, time] of head.times) this.#times.set(index, time);
    for (const [index, madeBy] of head.madeBy) this.#madeBy.set(index, madeBy);
    this.#lines = lines;
    return true;
  }

  /** The same without what images had that were taken again or forgotten. */
  #compacted(): FinishedImages {
    const compacted = noImages();
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
}

/** Outside the class, which the compiler would give an alias that is set on import. */
function noImages(): FinishedImages {
  return new FinishedImages();
}
