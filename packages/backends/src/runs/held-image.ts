import { isoTimeMs } from './iso-time.js';
import type { LoggedImage } from './logged-image.js';

/** Numbers that every image has: `timeMs` is NaN where the time is kept as text, `detectMs` -1 where there is none. */
export type ImageNumber = 'widthPx' | 'heightPx' | 'timeMs' | 'detectMs';

/** Lists of numbers that an image may have. */
export type ImageList = 'detections' | 'landmarks' | 'points' | 'dense';

/** Where images are held, each under an index. */
interface ImageHolder {
  nameOf(index: number): string;
  sha256Of(index: number): string;
  numberOf(index: number, which: ImageNumber): number;
  timeOf(index: number): string;
  madeByOf(index: number): readonly string[] | undefined;
  listOf(index: number, which: ImageList): number[] | undefined;
  /** Length of a list, without reading it; -1 where there is none. */
  lengthOf(index: number, which: ImageList): number;
  writeKey(index: number, into: Uint8Array, at: number): number;
  entry(index: number): LoggedImage;
}

/** An image that is read from where it is held. */
export class HeldImage implements LoggedImage {
  readonly #held: ImageHolder;
  readonly #index: number;

  constructor(held: ImageHolder, index: number) {
    this.#held = held;
    this.#index = index;
  }

  get image(): string {
    return this.#held.nameOf(this.#index);
  }

  get widthPx(): number {
    return this.#held.numberOf(this.#index, 'widthPx');
  }

  get heightPx(): number {
    return this.#held.numberOf(this.#index, 'heightPx');
  }

  get detections(): readonly number[] {
    return this.#held.listOf(this.#index, 'detections') ?? [];
  }

  /** Detections, without reading them. */
  get faces(): number {
    return this.#held.lengthOf(this.#index, 'detections') / 5;
  }

  get sha256(): string {
    return this.#held.sha256Of(this.#index);
  }

  get detectedAt(): string {
    return this.#held.timeOf(this.#index);
  }

  /** See writeContentKey. */
  writeKey(into: Uint8Array, at: number): number {
    return this.#held.writeKey(this.#index, into, at);
  }

  get landmarks(): readonly number[] | undefined {
    return this.#held.listOf(this.#index, 'landmarks');
  }

  get points(): readonly number[] | undefined {
    return this.#held.listOf(this.#index, 'points');
  }

  get dense(): readonly number[] | undefined {
    return this.#held.listOf(this.#index, 'dense');
  }

  get detectMs(): number | undefined {
    const detectMs = this.#held.numberOf(this.#index, 'detectMs');
    return detectMs < 0 ? undefined : detectMs;
  }

  get madeBy(): readonly string[] | undefined {
    return this.#held.madeByOf(this.#index);
  }

  toJSON(): LoggedImage {
    return this.#held.entry(this.#index);
  }
}

/** How many detections an image has, without reading them where it can be said so. */
export function detectionCount(image: LoggedImage): number {
  return image instanceof HeldImage ? image.faces : image.detections.length / 5;
}

/** Bytes that writeContentKey writes. */
export const contentKeyBytes = 40;

/**
 * Write what determines the detections of an image in a run: the hash of its bytes, and when they were detected in milliseconds.
 *
 * @returns that time; NaN where it is not written as `Date` writes it, and must be told apart by its text.
 */
export function writeContentKey(image: LoggedImage, into: Uint8Array, at: number): number {
  if (image instanceof HeldImage) return image.writeKey(into, at);
  const timeMs = isoTimeMs(image.detectedAt) ?? Number.NaN;
  into.set(Buffer.from(image.sha256, 'hex'), at);
  writeDouble(timeMs, into, at + 32);
  return timeMs;
}

/** Write a float64, little-endian, to a place. */
export function writeDouble(value: number, into: Uint8Array, at: number): void {
  new DataView(into.buffer, into.byteOffset).setFloat64(at, value, true);
}
