import { DatasetError } from '@retinabench/core';

/** What a pickle of pairs may hold. */
export type PickleValue = Uint8Array | string | number | boolean | readonly PickleValue[];

/** A value on the stack: lists and tuples under construction are arrays. */
export type StackItem = Uint8Array | string | number | boolean | StackItem[] | typeof mark | typeof encode;

const mark = Symbol('mark');
/** `_codecs.encode`, by which Python 3 writes bytes for protocol 2. */
const encode = Symbol('_codecs.encode');

/**
 * The bytes, stack and memo of a pickle as it is read; every method that needs what is not there throws {DatasetError} with the
 * byte.
 */
export class PickleMachine {
  #at = 0;
  readonly #stack: StackItem[] = [];
  readonly #memo = new Map<number, StackItem>();
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #place: string;

  constructor(bytes: Uint8Array, place: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#place = place;
  }

  fail(what: string): never {
    throw new DatasetError(
      `${this.#place}: byte ${this.#at}: expected a pickle of lists, tuples, byte strings and booleans, got ${what}`,
    );
  }

  /** The next `count` bytes. */
  take(count: number): Uint8Array {
    if (!(count >= 0 && this.#at + count <= this.#bytes.length)) {
      this.fail(`the end of the file within a value of ${count} bytes`);
    }
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  /** The next whole number of `size` bytes, little-endian, unsigned. */
  whole(size: 1 | 2 | 4 | 8): number {
    const start = this.#at;
    this.take(size);
    if (size === 1) return this.#view.getUint8(start);
    if (size === 2) return this.#view.getUint16(start, true);
    return size === 4 ? this.#view.getUint32(start, true) : Number(this.#view.getBigUint64(start, true));
  }

  /** The next `count` bytes as text. */
  text(count: number): string {
    return new TextDecoder().decode(this.take(count));
  }

  /** The bytes up to the next line break. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) this.fail('a line without an end');
    return new TextDecoder('latin1').decode(this.take(end + 1 - this.#at).subarray(0, -1));
  }

  push(item: StackItem): void {
    this.#stack.push(item);
  }

  pushMark(): void {
    this.#stack.push(mark);
  }

  pushGlobal(name: string): void {
    if (name !== '_codecs.encode') this.fail(`${JSON.stringify(name)}, which would be run`);
    this.#stack.push(encode);
  }

  /** The last `count` items, in the order in which they were pushed. */
  popMany(count: number): StackItem[] {
    return Array.from({ length: count }, () => this.#pop()).reverse();
  }

  /** The items above the last mark. */
  popToMark(): StackItem[] {
    const from = this.#stack.lastIndexOf(mark);
    if (from < 0) this.fail('an operation without its mark');
    return this.#stack.splice(from).slice(1);
  }

  /** Append to the list on top. */
  append(items: readonly StackItem[]): void {
    const list = this.#stack.at(-1);
    if (!Array.isArray(list)) this.fail('an append to what is no list');
    for (const item of items) list.push(item);
  }

  /** Values that the memo holds. */
  get remembered(): number {
    return this.#memo.size;
  }

  /** Keep the item on top as `index`. */
  remember(index: number): void {
    this.#memo.set(index, this.#stack.at(-1) ?? this.fail('a memo of nothing'));
  }

  recall(index: number): void {
    this.#stack.push(this.#memo.get(index) ?? this.fail(`memo ${index}, which was never kept`));
  }

  /** Call what lies below the parameters: `_codecs.encode(text, 'latin1')` alone, which gives bytes. */
  call(): void {
    const parameters = this.#pop();
    const [text, coding] = Array.isArray(parameters) ? parameters : [];
    if (this.#pop() !== encode || typeof text !== 'string' || coding !== 'latin1') {
      this.fail('a call, which would be run');
    }
    this.#stack.push(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  }

  /** The value of the whole pickle. */
  finish(): PickleValue {
    const item = this.#pop();
    return typeof item === 'symbol' ? this.fail('a mark as its value') : (item as PickleValue);
  }

  #pop(): StackItem {
    return this.#stack.pop() ?? this.fail('an operation on an empty stack');
  }
}
