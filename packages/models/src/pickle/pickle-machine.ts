import type { ByteReader } from './byte-reader.js';
import type { PickleMeaning, PicklePoint } from './pickle-meaning.js';
import { PickleDict, PickleGlobal, PickleTuple, type PickleValue } from './pickle-value.js';

/** Marks a position of the stack; no value of the stream. */
const mark = Symbol('mark');

/** The stack and memo of the machine that a pickle is a program of; what needs something that is not there throws the error that the meaning words. */
export class PickleMachine<Own extends object> {
  readonly #stack: (PickleValue<Own> | typeof mark)[] = [];
  readonly #memo = new Map<number, PickleValue<Own>>();
  readonly #meaning: PickleMeaning<Own>;
  #start = 0;
  #operation = '';

  constructor(
    readonly input: ByteReader,
    meaning: PickleMeaning<Own>,
  ) {
    this.#meaning = meaning;
  }

  /** Say which operation follows, for messages. */
  begin(start: number, operation: string): void {
    this.#start = start;
    this.#operation = operation;
  }

  get point(): PicklePoint {
    const { place, position } = this.input;
    return { place, start: this.#start, operation: this.#operation, position };
  }

  fail(what: string): never {
    throw this.#meaning.malformed(what, this.point);
  }

  push(value: PickleValue<Own>): void {
    this.#stack.push(value);
  }

  pushMark(): void {
    this.#stack.push(mark);
  }

  pushTuple(items: readonly PickleValue<Own>[]): void {
    this.#stack.push(new PickleTuple(items));
  }

  /** A string of Python 2. */
  pushByteString(bytes: Uint8Array): void {
    this.#stack.push(this.#meaning.byteString(bytes, this.point));
  }

  pop(): PickleValue<Own> {
    return this.#present(this.#stack.pop());
  }

  /** The last `count` values, in the order in which they were pushed. */
  popMany(count: number): PickleValue<Own>[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  /** The values above the last mark. */
  popToMark(): PickleValue<Own>[] {
    const from = this.#stack.lastIndexOf(mark);
    if (from < 0) this.fail('an operation without its mark');
    return this.#stack.splice(from).filter((item) => item !== mark);
  }

  /** Append to the list on top. */
  append(items: readonly PickleValue<Own>[]): void {
    const list = this.#top();
    if (!Array.isArray(list)) this.fail('an append to what is no list');
    for (const item of items) list.push(item);
  }

  /** Add keys and values, in turn, to the dict on top. */
  setItems(items: readonly PickleValue<Own>[]): void {
    const dict = this.#top();
    if (!(dict instanceof PickleDict) || items.length % 2 !== 0) this.fail('items of what is no dict');
    for (let index = 0; index < items.length; index += 2) {
      const key = items[index];
      if (typeof key === 'string') dict.entries.set(key, items[index + 1]);
    }
  }

  /** Keep the value on top in the memo, by default under the next number. */
  remember(index = this.#memo.size): void {
    this.#memo.set(index, this.#top());
  }

  recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) this.fail(`memo ${index}, which was never kept`);
    this.#stack.push(value);
  }

  pushGlobal(module: PickleValue<Own>, name: PickleValue<Own>): void {
    if (typeof module !== 'string' || typeof name !== 'string') this.fail('a global without a name');
    const full = `${module}.${name}`;
    if (!this.#meaning.mayName(full)) this.fail(`${JSON.stringify(full)}, which would be run`);
    this.#stack.push(new PickleGlobal(full));
  }

  /** What the call of a global gives for the parameters on top; nothing is run. */
  call(): void {
    const [called, parameters] = this.popMany(2);
    if (!(called instanceof PickleGlobal) || !(parameters instanceof PickleTuple)) {
      this.fail('a call of what is no global with a tuple');
    }
    const given = this.#meaning.call(called.name, parameters.items, this.point);
    this.#stack.push(given === undefined ? this.fail(`a call of ${called.name}, which would be run`) : given);
  }

  /** Give the object below it the state on top. */
  build(): void {
    const state = this.pop();
    const wrong = this.#meaning.build(this.#top(), state);
    if (wrong !== undefined) this.fail(wrong);
  }

  /** The object that the id on top names. */
  pushPersistent(): void {
    const id = this.pop();
    this.#stack.push(
      this.#meaning.persistent?.(id, this.point) ?? this.fail('a reference to something outside the file'),
    );
  }

  #top(): PickleValue<Own> {
    return this.#present(this.#stack.at(-1));
  }

  #present(item: PickleValue<Own> | typeof mark | undefined): PickleValue<Own> {
    if (item === undefined) this.fail('an operation on an empty stack');
    if (item === mark) this.fail('a mark as its value');
    return item;
  }
}
