import { ModelError } from '@retinabench/core';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads a file front to back; every read is checked against the file's end before anything is made of it. */
export class ByteReader {
  position: number;
  readonly #view: DataView;

  /**
   * @param bytes the file.
   * @param place its name, for messages.
   */
  constructor(
    readonly bytes: Uint8Array,
    readonly place: string,
    position = 0,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.position = position;
  }

  /** The next `length` bytes, not copied. @throws {ModelError} if the file ends before. */
  take(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.bytes.subarray(start, start + length);
  }

  uint8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  /** An eight-byte count. @throws {ModelError} if it is not in 0 ... 2^53. */
  count64(): number {
    const at = this.position;
    const value = Number(this.#view.getBigInt64(this.#advance(8), true));
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new ModelError(`${this.place}: byte ${at}: expected a count, got ${value}; the file is damaged`);
    }
    return value;
  }

  float64BigEndian(): number {
    return this.#view.getFloat64(this.#advance(8), false);
  }

  /** A two's-complement integer of `length` bytes; beyond 2^53 its last bits are lost. */
  littleEndianInteger(length: number): number {
    const digits = this.take(length);
    let value = 0n;
    for (let index = length - 1; index >= 0; index--) value = (value << 8n) | BigInt(digits[index] as number);
    return Number(BigInt.asIntN(Math.max(length * 8, 1), value));
  }

  /** UTF-8 text of `length` bytes. @throws {ModelError} if it is not UTF-8. */
  text(length: number): string {
    const at = this.position;
    const bytes = this.take(length);
    try {
      return utf8.decode(bytes);
    } catch (cause) {
      throw new ModelError(`${this.place}: byte ${at}: expected text, got bytes that are not UTF-8`, { cause });
    }
  }

  /** Text to the next line feed, which is skipped. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0) throw new ModelError(`${this.place}: byte ${this.position}: expected a line, got the end of the file`);
    const text = this.text(end - this.position);
    this.position = end + 1;
    return text;
  }

  #advance(length: number): number {
    const start = this.position;
    if (length > this.bytes.length - start) {
      throw new ModelError(
        `${this.place}: byte ${start}: expected ${length} more bytes, got ${this.bytes.length - start}; the file is truncated, fetch it again`,
      );
    }
    this.position = start + length;
    return start;
  }
}
