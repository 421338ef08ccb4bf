const hashBytes = 32;

/** SHA-256 hashes by index, 32 bytes each. */
export class PackedHashes {
  #bytes: Buffer = Buffer.alloc(64 * hashBytes);

  /** @param sha256 64 hex digits. */
  set(index: number, sha256: string): void {
    if (index * hashBytes >= this.#bytes.length) {
      const grown = Buffer.alloc(Math.max(64, 2 * index) * hashBytes);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.write(sha256, index * hashBytes, hashBytes, 'hex');
  }

  /** 64 hex digits. */
  at(index: number): string {
    return this.#bytes.toString('hex', index * hashBytes, (index + 1) * hashBytes);
  }

  /** Whether a hash is that of 64 hex digits (0-9, a-f). Cost: no text is made. */
  isAt(index: number, sha256: string): boolean {
    if (sha256.length !== 2 * hashBytes) return false;
    const start = index * hashBytes;
    for (let at = 0; at < hashBytes; at++) {
      const byte = 16 * digitOf(sha256.charCodeAt(2 * at)) + digitOf(sha256.charCodeAt(2 * at + 1));
      if (this.#bytes[start + at] !== byte) return false;
    }
    return true;
  }

  /** Copy the 32 bytes of a hash to a place. */
  copy(index: number, into: Uint8Array, at: number): void {
    this.#bytes.copy(into, at, index * hashBytes, (index + 1) * hashBytes);
  }

  /** The bytes of the first so many hashes, as `restore` takes them. */
  part(count: number): Uint8Array {
    return this.#bytes.subarray(0, count * hashBytes);
  }

  /** Hold what `part` gave, in the place of what is held. @returns false, and nothing is changed, if it is not of so many hashes. */
  restore(part: Uint8Array, count: number): boolean {
    if (part.length !== count * hashBytes) return false;
    this.#bytes = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
    return true;
  }
}

function digitOf(code: number): number {
  return code < 58 ? code - 48 : code - 87;
}
