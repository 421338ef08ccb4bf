import { DatasetError } from '@retinabench/core';

import { type Called, callKnown, isKnownGlobal, KnownGlobal, NumpyArray, NumpyType } from './pickle-globals.js';

/** What a pickle of pairs may hold. */
export type PickleValue = Uint8Array | string | number | boolean | null | readonly PickleValue[];

/** A value on the stack: lists and tuples under construction are arrays. */
export type StackItem = Called | StackItem[] | typeof mark;

const mark = Symbol('mark');

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
    if (!isKnownGlobal(name)) this.fail(`${JSON.stringify(name)}, which would be run`);
    this.#stack.push(new KnownGlobal(name));
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

  /** Module and name of a global, from the two texts on top. */
  pushNamedGlobal(): void {
    const [module, name] = this.popMany(2);
    if (typeof module !== 'string' || typeof name !== 'string') this.fail('a global without a name');
    this.pushGlobal(`${module}.${name}`);
  }

  /** What a known global gives for the parameters on top; nothing is run. */
  call(): void {
    const parameters = this.#pop();
    const called = this.#pop();
    if (!(called instanceof KnownGlobal) || !Array.isArray(parameters)) this.fail('a call, which would be run');
    const given = callKnown(called.name, parameters);
    this.#stack.push(given ?? this.fail(`a call of ${called.name}, which would be run`));
  }

  /** Set the state on top: of an array of NumPy its content, of its type nothing that counts. */
  build(): void {
    const state = this.#pop();
    const target = this.#stack.at(-1);
    if (target instanceof NumpyType) return;
    if (!(target instanceof NumpyArray) || !Array.isArray(state) || !target.fill(state)) {
      this.fail('the state of something else than an array of booleans or bytes');
    }
  }

  /** The value of the whole pickle. */
  finish(): PickleValue {
    return this.#valueOf(this.#pop());
  }

  #valueOf(item: StackItem): PickleValue {
    if (item instanceof NumpyArray) return item.value() ?? this.fail('an array without content');
    if (typeof item === 'symbol') return this.fail('a mark as its value');
    if (item instanceof KnownGlobal || item instanceof NumpyType) return this.fail('a class as its value');
    return Array.isArray(item) ? item.map((one) => this.#valueOf(one)) : item;
  }

  #pop(): StackItem {
    return this.#stack.pop() ?? this.fail('an operation on an empty stack');
  }
}
