/** A column of numbers of which the length is not known beforehand. */
export class GrowingNumbers {
  #values = new Float64Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(2 * this.#values.length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  at(index: number): number {
    return this.#values[index];
  }

  /** What was pushed, without a copy; valid until the next push. */
  view(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}

/** Rows grouped by image, in their order within each. */
export interface Grouping {
  /** Int32Array [images + 1]. */
  readonly start: Int32Array;
  /** Int32Array [rows]: the row at each place; absent if all rows are in order. */
  readonly order?: Int32Array;
}

/**
 * Bring rows into the order of their images: a stable counting sort.
 *
 * @param imageOf the image of each row. Cost: O(rows + images).
 */
export function groupByImage(imageOf: Float64Array, images: number): Grouping {
  const start = new Int32Array(images + 1);
  let sorted = true;
  for (let row = 0; row < imageOf.length; row++) {
    start[imageOf[row] + 1]++;
    if (row > 0 && imageOf[row] < imageOf[row - 1]) sorted = false;
  }
  for (let image = 0; image < images; image++) start[image + 1] += start[image];
  if (sorted) return { start };
  const next = start.slice(0, images);
  const order = new Int32Array(imageOf.length);
  for (let row = 0; row < imageOf.length; row++) order[next[imageOf[row]]++] = row;
  return { start, order };
}

/** Rows of `width` numbers in the order of a grouping; a copy of its own. */
export function inOrder(values: Float64Array, width: number, { order }: Grouping): Float64Array {
  if (order === undefined) return values.slice();
  const sorted = new Float64Array(values.length);
  for (let at = 0; at < order.length; at++) {
    const from = width * order[at];
    for (let column = 0; column < width; column++) sorted[width * at + column] = values[from + column];
  }
  return sorted;
}
