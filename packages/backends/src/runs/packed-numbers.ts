/** Numbers of a chunk; more where one item has more, and then it is alone there. */
const chunkLength = 1 << 16;

/** Numbers of many items, each with its own count, in few large arrays. */
export class PackedNumbers {
  /** Where the numbers of each item begin: the chunk, times `chunkLength`, and the place in it. */
  #starts: Float64Array = new Float64Array(64);
  #chunks: Float64Array[] = [];
  /** Numbers that the last chunk holds. */
  #used = chunkLength;

  /** Room for the numbers of an item: its chunk and its place there. An item lies in one chunk. */
  reserve(index: number, length: number): readonly [chunk: Float64Array, start: number] {
    if (index >= this.#starts.length) {
      const starts = new Float64Array(Math.max(64, 2 * index));
      starts.set(this.#starts);
      this.#starts = starts;
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

  chunkOf(index: number): Float64Array {
    return this.#chunks[Math.floor(this.#starts[index] / chunkLength)];
  }

  /** Where the numbers of an item begin in its chunk. */
  startOf(index: number): number {
    return this.#starts[index] % chunkLength;
  }

  /** The places of the first so many items, and the numbers of each chunk: as `restore` takes them. */
  parts(items: number): readonly Uint8Array[] {
    const last = this.#chunks.length - 1;
    const chunks = this.#chunks.map((chunk, index) => (index < last ? chunk : chunk.subarray(0, this.#used)));
    return [this.#starts.subarray(0, items), ...chunks].map(bytesOf);
  }

  /** Hold what `parts` gave, in the place of what is held. */
  restore([starts, ...chunks]: readonly Uint8Array[]): void {
    this.#starts = numbersOf(starts);
    this.#chunks = chunks.map(numbersOf);
    this.#used = this.#chunks.at(-1)?.length ?? chunkLength;
  }
}

function bytesOf(numbers: Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

function numbersOf(bytes: Uint8Array): Float64Array {
  return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
}
