/** Bytes of a chunk. */
const chunkBytes = 1 << 20;

const hashBytes = 32;

/** Length of a stamp, in the byte before it; 0: none. Four numbers of at most 20 digits and three spaces have 83. */
const longestStamp = 255;

/**
 * Hashes and stamps of files by name, of each the latest, since there may be a million of them: 33 bytes and the characters of
 * the stamp beside the name.
 */
export class PackedDigests {
  /** Where each lies: the chunk, times `chunkBytes`, and the place in it. */
  readonly #places = new Map<string, number>();
  readonly #chunks: Buffer[] = [];
  #used = chunkBytes;

  get size(): number {
    return this.#places.size;
  }

  /**
   * @param sha256 64 hex digits.
   * @param stamp  at most 255 characters of ASCII; a longer one is not kept, which costs a reading of the file.
   */
  set(name: string, sha256: string, stamp = ''): void {
    const kept = stamp.length > longestStamp ? '' : stamp;
    const length = hashBytes + 1 + kept.length;
    if (this.#used + length > chunkBytes) {
      this.#chunks.push(Buffer.allocUnsafeSlow(chunkBytes));
      this.#used = 0;
    }
    const chunk = this.#chunks[this.#chunks.length - 1];
    chunk.write(sha256, this.#used, hashBytes, 'hex');
    chunk[this.#used + hashBytes] = kept.length;
    chunk.write(kept, this.#used + hashBytes + 1, kept.length, 'latin1');
    this.#places.set(name, (this.#chunks.length - 1) * chunkBytes + this.#used);
    this.#used += length;
  }

  /** The hash of a file, if it is held under this stamp; `stamp` undefined: under none. */
  sha256Of(name: string, stamp: string | undefined): string | undefined {
    const place = this.#places.get(name);
    if (place === undefined) return undefined;
    const { chunk, at } = this.#find(place);
    return hasStamp(chunk, at, stamp) ? sha256At(chunk, at) : undefined;
  }

  *[Symbol.iterator](): Generator<readonly [name: string, sha256: string, stamp: string | undefined]> {
    for (const [name, place] of this.#places) {
      const { chunk, at } = this.#find(place);
      yield [name, sha256At(chunk, at), stampAt(chunk, at)];
    }
  }

  #find(place: number): { readonly chunk: Buffer; readonly at: number } {
    return { chunk: this.#chunks[Math.floor(place / chunkBytes)], at: place % chunkBytes };
  }
}

function sha256At(chunk: Buffer, at: number): string {
  return chunk.toString('hex', at, at + hashBytes);
}

/** Whether `stampAt` gives this one, without making a text of it. */
function hasStamp(chunk: Buffer, at: number, stamp: string | undefined): boolean {
  const start = at + hashBytes + 1;
  const length = chunk[start - 1];
  if (stamp === undefined) return length === 0;
  if (length === 0 || length !== stamp.length) return false;
  for (let index = 0; index < stamp.length; index++) {
    if (chunk[start + index] !== stamp.charCodeAt(index)) return false;
  }
  return true;
}

function stampAt(chunk: Buffer, at: number): string | undefined {
  const start = at + hashBytes + 1;
  const length = chunk[start - 1];
  return length === 0 ? undefined : chunk.toString('latin1', start, start + length);
}
