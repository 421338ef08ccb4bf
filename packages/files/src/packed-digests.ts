import { PackedHashes } from './packed-hashes.js';
import { joinNames, splitNames } from './packed-names.js';

/** Numbers of a stamp: size, seconds and nanoseconds of the times of content and inode, inode. */
const stampLength = 6;

/** A stamp whose numbers are written in one way only and are exact in a double; any other is kept as text. */
const plainStamp = /^(0|[1-9]\d{0,14}) ([1-9]\d{0,9})(\d{9}) ([1-9]\d{0,9})(\d{9}) (0|[1-9]\d{0,14})$/;

/** Neither a stamp nor a text in the place of one. */
const noStamp = -1;
const textStamp = -2;

/** What `stat` says of a file, as far as stamps need it; times in milliseconds. */
export interface FileTimes {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly ino: number;
}

/**
 * Hashes and stamps of files by name, of each the latest, since there may be a million of them: 80 bytes beside the name.
 */
export class PackedDigests {
  readonly #places = new Map<string, number>();
  readonly #hashes = new PackedHashes();
  #stamps: Float64Array = new Float64Array(64 * stampLength);
  /** Stamps that their numbers do not give back. */
  readonly #texts = new Map<number, string>();

  get size(): number {
    return this.#places.size;
  }

  /**
   * @param sha256 64 hex digits.
   * @param stamp  as stampOf writes it, or any other text.
   */
  set(name: string, sha256: string, stamp = ''): void {
    let index = this.#places.get(name);
    if (index === undefined) {
      index = this.#places.size;
      this.#places.set(name, index);
      this.#grow(index);
    }
    this.#hashes.set(index, sha256);
    this.#texts.delete(index);
    const start = index * stampLength;
    const numbers = stamp === '' ? null : plainStamp.exec(stamp);
    if (numbers !== null) {
      for (let at = 0; at < stampLength; at++) this.#stamps[start + at] = Number(numbers[at + 1]);
      return;
    }
    this.#stamps[start] = stamp === '' ? noStamp : textStamp;
    if (stamp !== '') this.#texts.set(index, stamp);
  }

  /** The hash of a file, if it is held under this stamp; `stamp` undefined: under none. */
  sha256Of(name: string, stamp: string | undefined): string | undefined {
    const index = this.#places.get(name);
    return index !== undefined && this.#stampAt(index) === stamp ? this.#hashes.at(index) : undefined;
  }

  /**
   * Whether a file is held under this hash and a stamp of these times; they are compared as `stat` gives them in milliseconds,
   * to 0.25 µs. False where the stamp is kept as text.
   *
   * Cost: no text is made.
   */
  isHeld(name: string, sha256: string, { size, mtimeMs, ctimeMs, ino }: FileTimes): boolean {
    const index = this.#places.get(name);
    if (index === undefined) return false;
    const [stamps, start] = [this.#stamps, index * stampLength];
    return (
      stamps[start] === size &&
      stamps[start + 5] === ino &&
      milliseconds(stamps[start + 1], stamps[start + 2]) === mtimeMs &&
      milliseconds(stamps[start + 3], stamps[start + 4]) === ctimeMs &&
      this.#hashes.isAt(index, sha256)
    );
  }

  *[Symbol.iterator](): Generator<readonly [name: string, sha256: string, stamp: string | undefined]> {
    for (const [name, index] of this.#places) yield [name, this.#hashes.at(index), this.#stampAt(index)];
  }

  /** What is held, as `restore` takes it; undefined if a name cannot be written down. */
  parts(): readonly Uint8Array[] | undefined {
    const names = joinNames([...this.#places.keys()]);
    if (names === undefined) return undefined;
    const { size } = this;
    const stamps = this.#stamps.subarray(0, size * stampLength);
    const stampBytes = new Uint8Array(stamps.buffer, stamps.byteOffset, stamps.byteLength);
    return [
      Buffer.from(JSON.stringify({ size, texts: [...this.#texts] })),
      this.#hashes.part(size),
      stampBytes,
      ...names,
    ];
  }

  /** Hold what `parts` gave, in the place of what is held. @returns false, and nothing is changed, if they are not such. */
  restore([head, hashes, stamps, ...blocks]: readonly Uint8Array[]): boolean {
    const { size, texts } = JSON.parse(new TextDecoder().decode(head)) as { size: number; texts: [number, string][] };
    const names = splitNames(blocks);
    if (names.length !== size || stamps.length !== 8 * size * stampLength) return false;
    if (!this.#hashes.restore(hashes, size)) return false;
    this.#places.clear();
    names.forEach((name, index) => {
      this.#places.set(name, index);
    });
    this.#stamps = new Float64Array(stamps.buffer, stamps.byteOffset, size * stampLength);
    this.#texts.clear();
    for (const [index, text] of texts) this.#texts.set(index, text);
    return true;
  }

  #stampAt(index: number): string | undefined {
    const start = index * stampLength;
    const [size, mtimeS, mtimeNs, ctimeS, ctimeNs, ino] = this.#stamps.subarray(start, start + stampLength);
    if (size === noStamp) return undefined;
    if (size === textStamp) return this.#texts.get(index);
    return `${size} ${mtimeS}${nineDigits(mtimeNs)} ${ctimeS}${nineDigits(ctimeNs)} ${ino}`;
  }

  #grow(index: number): void {
    if (index * stampLength < this.#stamps.length) return;
    const stamps = new Float64Array(Math.max(64, 2 * index) * stampLength);
    stamps.set(this.#stamps);
    this.#stamps = stamps;
  }
}

function nineDigits(nanoseconds: number): string {
  return String(nanoseconds).padStart(9, '0');
}

/** As `stat` of Node computes it. */
function milliseconds(seconds: number, nanoseconds: number): number {
  return seconds * 1000 + nanoseconds / 1_000_000;
}
