import { ModelError } from '@retinabench/core';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const latin1 = new TextDecoder('latin1');

/** Reads a file front to back; every read is checked against the file's end before anything is made of it. */
export class ByteReader {
  position: number;
  readonly #view: DataView;
  readonly #asError: new (
    message: string,
    options?: ErrorOptions,
  ) => Error;

  /**
   * @param bytes   the file.
   * @param place   its name, for messages.
   * @param asError the class of the reader's own errors.
   */
  constructor(
    readonly bytes: Uint8Array,
    readonly place: string,
    position = 0,
    asError: new (message: string, options?: ErrorOptions) => Error = ModelError,
  ) {
    this.#asError = asError;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.position = position;
  }

  /** The next `length` bytes, not copied. @throws {ModelError} or `asError`, if the file ends before. */
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

  /** An eight-byte count. @throws {ModelError} or `asError`, if it is not in 0 ... 2^53. */
  count64(): number {
    const at = this.position;
    const value = Number(this.#view.getBigInt64(this.#advance(8), true));
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new this.#asError(`${this.place}: byte ${at}: expected a count, got ${value}; the file is damaged`);
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

  /** UTF-8 text of `length` bytes. @throws {ModelError} or `asError`, if it is not UTF-8. */
  text(length: number): string {
    const at = this.position;
    const bytes = this.take(length);
    try {
      return utf8.decode(bytes);
    } catch (cause) {
      throw new this.#asError(`${this.place}: byte ${at}: expected text, got bytes that are not UTF-8`, { cause });
    }
  }

  /** Text to the next line feed, which is skipped. */
  line(): string {
    const text = this.text(this.#lineLength());
    this.position++;
    return text;
  }

  /** As `line`, of text whose characters are its bytes. */
  latin1Line(): string {
    const text = latin1.decode(this.take(this.#lineLength()));
    this.position++;
    return text;
  }

  #lineLength(): number {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end >= 0) return end - this.position;
    throw new this.#asError(`${this.place}: byte ${this.position}: expected a line, got the end of the file`);
  }

  #advance(length: number): number {
    const start = this.position;
    if (length > this.bytes.length - start) {
      throw new this.#asError(
        `${this.place}: byte ${start}: expected ${length} more bytes, got ${this.bytes.length - start} to the end of the file; it is truncated, fetch it again`,
      );
    }
    this.position = start + length;
    return start;
  }
}
