import { DatasetError } from '@retinabench/core';
import type { BoxUnits, ReadingContext } from './reading.js';

/** Largest number that boxes in parts of the image have; they may lead over its edge. */
const mostRelative = 1.5;

/**
 * Refuse annotations of a form in pixels that have no number above 1.5: their boxes are parts of the image.
 *
 * @param boxes Float64Array [faces, 4].
 * @throws {DatasetError} unless the user says that they are pixels.
 */
export function requirePixels(boxes: Float64Array, place: string, context: ReadingContext): void {
  if (boxes.length === 0 || context.units === 'pixels' || boxes.some((side) => Math.abs(side) > mostRelative)) return;
  throw new DatasetError(
    `${place}: expected boxes in pixels, got ${boxes.length / 4} of which no number is above ${mostRelative}; multiply them by the sizes of their images, or pass ${context.flag('units')} pixels if they are right`,
  );
}

/**
 * Tells boxes in pixels from boxes in parts of the image by their largest number. Boxes of less than two pixels are not
 * annotated, so that a file without a larger number is taken for neither until the user says it.
 */
export class UnitsGuess {
  #largest = 0;
  #boxes = 0;

  see(box: ArrayLike<number>): void {
    this.#boxes++;
    for (let side = 0; side < 4; side++) this.#largest = Math.max(this.#largest, Math.abs(box[side]));
  }

  /**
   * Call it once all boxes of the file have been seen, unconverted.
   *
   * @param told the units that the user names.
   * @throws {DatasetError} if the user names none and it is not clear, or the numbers contradict `relative`.
   */
  check(told: BoxUnits | undefined, place: string, context: ReadingContext): void {
    if (this.#boxes === 0) return;
    if (told === undefined && this.#largest <= mostRelative) {
      throw new DatasetError(
        `${place}: expected boxes in pixels, got no number above ${this.#largest}; say what they are with ${context.flag('units')} relative, parts of the image, or ${context.flag('units')} pixels`,
      );
    }
    if (told === 'relative' && this.#largest > 10) {
      throw new DatasetError(
        `${place}: expected boxes in parts of the image, got the number ${this.#largest}; leave ${context.flag('units')} relative out if they are pixels`,
      );
    }
  }
}
