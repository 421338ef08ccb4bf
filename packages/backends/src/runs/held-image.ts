import { isoTimeMs } from './iso-time.js';
import type { LoggedImage } from './logged-image.js';

/** Where images are held, each under an index. */
interface ImageHolder {
  nameOf(index: number): string;
  sha256Of(index: number): string;
  /** Width, height, time, time of the detector, and how many numbers its detections have. */
  numberOf(index: number, which: 0 | 1 | 2 | 3 | 4): number;
  timeOf(index: number): string;
  madeByOf(index: number): readonly string[] | undefined;
  partOf(index: number, part: 0 | 1 | 2 | 3): number[] | undefined;
  writeKey(index: number, into: Buffer, at: number): number;
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
    return this.#held.numberOf(this.#index, 0);
  }

  get heightPx(): number {
    return this.#held.numberOf(this.#index, 1);
  }

  get detections(): readonly number[] {
    return this.#held.partOf(this.#index, 0) ?? [];
  }

  /** Detections, without reading them. */
  get faces(): number {
    return this.#held.numberOf(this.#index, 4) / 5;
  }

  get sha256(): string {
    return this.#held.sha256Of(this.#index);
  }

  get detectedAt(): string {
    return this.#held.timeOf(this.#index);
  }

  /** See writeContentKey. */
  writeKey(into: Buffer, at: number): number {
    return this.#held.writeKey(this.#index, into, at);
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
export function writeContentKey(image: LoggedImage, into: Buffer, at: number): number {
  if (image instanceof HeldImage) return image.writeKey(into, at);
  const timeMs = isoTimeMs(image.detectedAt) ?? Number.NaN;
  into.write(image.sha256, at, 'hex');
  into.writeDoubleLE(timeMs, at + 32);
  return timeMs;
}
