import { ShapeError } from '@retinabench/core/basics';
import type { ReadingFinding } from './finding.js';
import type { WiderPredictions } from './predictions.js';

/** Collects the detections of a run image by image into flat arrays that grow as needed. */
export class PredictionsBuilder {
  readonly #images: string[] = [];
  readonly #files: string[] = [];
  readonly #start: number[] = [0];
  #boxes: Float64Array;
  #scores: Float64Array;
  #count = 0;

  /** @param room detections that fit before the arrays grow: memory that is never written to is not taken. */
  constructor(room = 1024) {
    const rows = Math.max(room, 1);
    this.#boxes = new Float64Array(4 * rows);
    this.#scores = new Float64Array(rows);
  }

  /** Detections so far, those of the open image included. */
  get count(): number {
    return this.#count;
  }

  /** Add a detection to the open image: (x, y, w, h) in pixels of the original image, and its score. */
  add(x: number, y: number, w: number, h: number, score: number): void {
    if (this.#count === this.#scores.length) this.#grow();
    const at = 4 * this.#count;
    this.#boxes[at] = x;
    this.#boxes[at + 1] = y;
    this.#boxes[at + 2] = w;
    this.#boxes[at + 3] = h;
    this.#scores[this.#count++] = score;
  }

  /** Drop the detections of the open image. */
  clearImage(): void {
    this.#count = this.#start[this.#images.length];
  }

  /** Close the open image: the detections added since the last close are its own, and stand in `file` if in any. */
  closeImage(name: string, file?: string): void {
    this.#images.push(name);
    if (file !== undefined) this.#files.push(file);
    this.#start.push(this.#count);
  }

  /**
   * The predictions; nothing is added to the builder after that.
   *
   * @throws {ShapeError} if detections were added after the last image was closed. */
  build(findings?: readonly ReadingFinding[]): WiderPredictions {
    if (this.#start[this.#images.length] !== this.#count) {
      throw new ShapeError(
        `predictions: expected every image closed, got ${this.#count - this.#start[this.#images.length]} detections after the last; call closeImage`,
      );
    }
    return {
      images: this.#images,
      start: Int32Array.from(this.#start),
      boxesXywh: this.#boxes.subarray(0, 4 * this.#count),
      scores: this.#scores.subarray(0, this.#count),
      ...(this.#files.length === 0 ? {} : { files: this.#files }),
      ...(findings === undefined ? {} : { findings }),
    };
  }

  #grow(): void {
    const boxes = new Float64Array(2 * this.#boxes.length);
    const scores = new Float64Array(2 * this.#scores.length);
    boxes.set(this.#boxes);
    scores.set(this.#scores);
    this.#boxes = boxes;
    this.#scores = scores;
  }
}
