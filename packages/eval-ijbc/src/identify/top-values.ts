/** Keeps the highest values of a long sequence without keeping the sequence. */
export class TopValues {
  readonly #buffer: Float64Array;
  readonly #capacity: number;
  #count = 0;
  #floor = -Infinity;

  /** @param capacity how many values are kept, at least 1. */
  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#buffer = new Float64Array(capacity * 2);
  }

  /** Take a value in. Cost: O(1) for values below the kept ones, O(log capacity) amortised for others. */
  add(value: number): void {
    if (value <= this.#floor) return;
    this.#buffer[this.#count++] = value;
    if (this.#count === this.#buffer.length) this.#shrink();
  }

  /** The highest values from the highest down, at most `capacity`. */
  descending(): Float64Array {
    this.#shrink();
    return this.#buffer.slice(0, this.#count);
  }

  #shrink(): void {
    this.#buffer.subarray(0, this.#count).sort().reverse();
    if (this.#count < this.#capacity) return;
    this.#count = this.#capacity;
    this.#floor = this.#buffer[this.#count - 1];
  }
}
