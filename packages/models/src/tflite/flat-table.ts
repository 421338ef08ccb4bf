import { ModelError } from '@retinabench/core';

const decoder = new TextDecoder();

/** Most elements of vectors that are read of one file: tables may refer to one vector any number of times. */
const mostElements = 2 ** 24;

/** The bytes of a flatbuffer, every access checked. */
export class FlatFile {
  readonly #view: DataView;
  #read = 0;

  /** @param place the file's name, for messages. */
  constructor(
    readonly bytes: Uint8Array,
    readonly place: string,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The table that the file begins with. */
  root(): FlatTable {
    return this.table(this.follow(0));
  }

  /** The table at a position. */
  table(at: number): FlatTable {
    return new FlatTable(this, at);
  }

  /** Where the reference at a position leads. */
  follow(at: number): number {
    return at + this.number('uint32', at);
  }

  number(kind: 'uint8' | 'int8' | 'uint16' | 'int32' | 'uint32' | 'float32', at: number): number {
    const view = this.#view;
    const size = kind.endsWith('8') ? 1 : kind === 'uint16' ? 2 : 4;
    this.check(at, size);
    switch (kind) {
      case 'uint8':
        return view.getUint8(at);
      case 'int8':
        return view.getInt8(at);
      case 'uint16':
        return view.getUint16(at, true);
      case 'int32':
        return view.getInt32(at, true);
      case 'uint32':
        return view.getUint32(at, true);
      case 'float32':
        return view.getFloat32(at, true);
    }
  }

  /** A whole number of 64 bits, exact up to 2^53. */
  long(at: number): number {
    this.check(at, 8);
    return Number(this.#view.getBigInt64(at, true));
  }

  /** Count elements that are about to be read. @throws {ModelError} past the limit. */
  spend(elements: number): void {
    this.#read += elements;
    if (this.#read > mostElements) throw this.damaged(`more than ${mostElements} elements of vectors`);
  }

  /** @throws {ModelError} if bytes of the range lie outside the file. */
  check(at: number, size: number): void {
    if (at < 0 || at + size > this.bytes.length) {
      throw this.damaged(`bytes ${at} to ${at + size} of a file of ${this.bytes.length}`);
    }
  }

  damaged(what: string): ModelError {
    return new ModelError(
      `${this.place}: not a whole TensorFlow Lite model: it refers to ${what}; fetch the file again`,
    );
  }
}

/** A table of a flatbuffer; absent fields have their defaults. */
export class FlatTable {
  readonly #fields: number;
  readonly #slots: number;

  constructor(
    readonly file: FlatFile,
    readonly at: number,
  ) {
    this.#fields = at - file.number('int32', at);
    this.#slots = file.number('uint16', this.#fields) / 2 - 2;
    file.check(this.#fields, this.#slots * 2 + 4);
  }

  number(slot: number, kind: Parameters<FlatFile['number']>[0], absent = 0): number {
    const at = this.#field(slot);
    return at === undefined ? absent : this.file.number(kind, at);
  }

  long(slot: number): number {
    const at = this.#field(slot);
    return at === undefined ? 0 : this.file.long(at);
  }

  text(slot: number): string {
    return decoder.decode(this.bytes(slot));
  }

  /** The bytes of a vector, a view; undefined where the field is absent. */
  bytes(slot: number): Uint8Array | undefined {
    const vector = this.#vector(slot, 1);
    return vector && this.file.bytes.subarray(vector.at, vector.at + vector.length);
  }

  /** Numbers of a vector; none where the field is absent. */
  numbers(slot: number, kind: 'int32' | 'float32' | 'long'): number[] {
    const size = kind === 'long' ? 8 : 4;
    const vector = this.#vector(slot, size);
    if (vector === undefined) return [];
    this.file.spend(vector.length);
    return Array.from({ length: vector.length }, (_, index) => {
      const at = vector.at + index * size;
      return kind === 'long' ? this.file.long(at) : this.file.number(kind, at);
    });
  }

  /** The table that a field refers to. */
  table(slot: number): FlatTable | undefined {
    const at = this.#field(slot);
    return at === undefined ? undefined : this.file.table(this.file.follow(at));
  }

  /** Tables of a vector; none where the field is absent. */
  tables(slot: number): FlatTable[] {
    const vector = this.#vector(slot, 4);
    if (vector === undefined) return [];
    this.file.spend(vector.length);
    return Array.from({ length: vector.length }, (_, index) =>
      this.file.table(this.file.follow(vector.at + index * 4)),
    );
  }

  #vector(slot: number, size: number): { readonly at: number; readonly length: number } | undefined {
    const field = this.#field(slot);
    if (field === undefined) return undefined;
    const start = this.file.follow(field);
    const length = this.file.number('uint32', start);
    this.file.check(start + 4, length * size);
    return { at: start + 4, length };
  }

  #field(slot: number): number | undefined {
    if (slot >= this.#slots) return undefined;
    const offset = this.file.number('uint16', this.#fields + 4 + slot * 2);
    return offset === 0 ? undefined : this.at + offset;
  }
}
