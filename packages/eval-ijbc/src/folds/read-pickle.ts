import { DatasetError } from '@retinabench/core';

/** What a pickle of pairs may hold. */
export type PickleValue = Uint8Array | string | number | boolean | readonly PickleValue[];

/** A value on the stack: lists and tuples under construction are arrays. */
type StackItem = Uint8Array | string | number | boolean | StackItem[] | typeof mark | typeof encode;

const mark = Symbol('mark');
/** `_codecs.encode`, by which Python 3 writes bytes for protocol 2. */
const encode = Symbol('_codecs.encode');

/**
 * Read a pickle that holds lists, tuples, byte strings, text, small whole numbers and booleans, protocol 0 to 5, without running
 * anything: a pickle is code for a stack machine, of which the operations needed for data alone are read and every other is
 * refused.
 *
 * @throws {DatasetError} with the byte if the file is truncated, or holds another operation (classes, functions, arrays).
 * Source: the description of the operations in pickletools of CPython.
 */
export function readPickle(bytes: Uint8Array, place: string): PickleValue {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stack: StackItem[] = [];
  const memo = new Map<number, StackItem>();
  let at = 0;
  const fail = (what: string): never => {
    throw new DatasetError(
      `${place}: byte ${at}: expected a pickle of lists, tuples, byte strings and booleans, got ${what}`,
    );
  };
  const take = (count: number): Uint8Array => {
    if (!(count >= 0 && at + count <= bytes.length)) fail(`the end of the file within a value of ${count} bytes`);
    at += count;
    return bytes.subarray(at - count, at);
  };
  const whole = (size: 1 | 2 | 4 | 8): number => {
    const start = at;
    take(size);
    if (size === 1) return view.getUint8(start);
    if (size === 2) return view.getUint16(start, true);
    return size === 4 ? view.getUint32(start, true) : Number(view.getBigUint64(start, true));
  };
  const line = (): string => {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) fail('a line without an end');
    return new TextDecoder('latin1').decode(take(end + 1 - at).subarray(0, -1));
  };
  const pop = (): StackItem => (stack.length === 0 ? fail('an operation on an empty stack') : stack.pop()!);
  const popToMark = (): StackItem[] => {
    const from = stack.lastIndexOf(mark);
    if (from < 0) fail('an operation without its mark');
    return stack.splice(from).slice(1);
  };
  const top = (): StackItem[] => {
    const list = stack.at(-1);
    return Array.isArray(list) ? list : fail('an append to what is no list');
  };
  const recall = (index: number): StackItem => memo.get(index) ?? fail(`memo ${index}, which was never kept`);
  const tuple = (length: number): void => {
    const items = Array.from({ length }, pop).reverse();
    stack.push(items);
  };

  for (;;) {
    const operation = String.fromCharCode(whole(1));
    switch (operation) {
      case '\x80':
        take(1);
        break;
      case '\x95':
        take(8);
        break;
      case '(':
        stack.push(mark);
        break;
      case ']':
      case ')':
        stack.push([]);
        break;
      case 'l':
      case 't':
        stack.push(popToMark());
        break;
      case '\x85':
        tuple(1);
        break;
      case '\x86':
        tuple(2);
        break;
      case '\x87':
        tuple(3);
        break;
      case 'a': {
        const item = pop();
        top().push(item);
        break;
      }
      case 'e': {
        const items = popToMark();
        const list = top();
        for (const item of items) list.push(item);
        break;
      }
      case 'C':
      case 'U':
        stack.push(take(whole(1)));
        break;
      case 'B':
      case 'T':
        stack.push(take(whole(4)));
        break;
      case '\x8e':
      case '\x96':
        stack.push(take(whole(8)));
        break;
      case '\x8c':
        stack.push(new TextDecoder().decode(take(whole(1))));
        break;
      case 'X':
        stack.push(new TextDecoder().decode(take(whole(4))));
        break;
      case '\x8d':
        stack.push(new TextDecoder().decode(take(whole(8))));
        break;
      case 'K':
        stack.push(whole(1));
        break;
      case 'M':
        stack.push(whole(2));
        break;
      case 'J':
        stack.push(whole(4) | 0);
        break;
      case 'I': {
        const text = line();
        stack.push(text === '00' ? false : text === '01' ? true : Number(text));
        break;
      }
      case '\x88':
        stack.push(true);
        break;
      case '\x89':
        stack.push(false);
        break;
      case 'q':
        memo.set(whole(1), stack.at(-1) ?? fail('a memo of nothing'));
        break;
      case 'r':
        memo.set(whole(4), stack.at(-1) ?? fail('a memo of nothing'));
        break;
      case 'p':
        memo.set(Number(line()), stack.at(-1) ?? fail('a memo of nothing'));
        break;
      case '\x94':
        memo.set(memo.size, stack.at(-1) ?? fail('a memo of nothing'));
        break;
      case 'h':
        stack.push(recall(whole(1)));
        break;
      case 'j':
        stack.push(recall(whole(4)));
        break;
      case 'g':
        stack.push(recall(Number(line())));
        break;
      case 'c': {
        const name = `${line()}.${line()}`;
        if (name !== '_codecs.encode') fail(`${JSON.stringify(name)}, which would be run`);
        stack.push(encode);
        break;
      }
      case 'R': {
        const parameters = pop();
        const [text, coding] = Array.isArray(parameters) ? parameters : [];
        if (pop() !== encode || typeof text !== 'string' || coding !== 'latin1') fail('a call, which would be run');
        stack.push(Uint8Array.from(String(text), (character) => character.charCodeAt(0)));
        break;
      }
      case '.':
        return finish(pop(), fail);
      default:
        fail(`operation ${JSON.stringify(operation)}`);
    }
  }
}

function finish(item: StackItem, fail: (what: string) => never): PickleValue {
  return typeof item === 'symbol' ? fail('a mark as its value') : (item as PickleValue);
}
