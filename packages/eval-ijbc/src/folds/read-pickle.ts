import { unescapeBytes, unescapeText } from './pickle-escapes.js';
import { PickleMachine, type PickleValue } from './pickle-machine.js';

export type { PickleValue };

/**
 * Read a pickle that holds lists, tuples, byte strings, text, small whole numbers, booleans, and NumPy's booleans and arrays of
 * booleans or bytes, protocol 0 to 5, without running anything: a pickle is code for a stack machine, of which the operations
 * needed for data alone are read and every other is refused.
 *
 * @throws {DatasetError} with the byte if the file is truncated, or holds another operation (classes, functions).
 * Source: the description of the operations in pickletools of CPython.
 */
export function readPickle(bytes: Uint8Array, place: string): PickleValue {
  const machine = new PickleMachine(bytes, place);
  for (;;) {
    const operation = String.fromCharCode(machine.whole(1));
    if (operation === '.') return machine.finish();
    const run = operations.get(operation);
    if (run === undefined) machine.fail(`operation ${JSON.stringify(operation)}`);
    else run(machine);
  }
}

/** What each operation does, by its byte. */
const operations: ReadonlyMap<string, (machine: PickleMachine) => void> = new Map<
  string,
  (machine: PickleMachine) => void
>([
  // PROTO and FRAME say nothing of the value.
  ['\x80', (m) => m.take(1)],
  ['\x95', (m) => m.take(8)],
  ['(', (m) => m.pushMark()],
  // Empty list and tuple; list and tuple of what lies above the mark; tuples of one, two and three.
  [']', (m) => m.push([])],
  [')', (m) => m.push([])],
  ['l', (m) => m.push(m.popToMark())],
  ['t', (m) => m.push(m.popToMark())],
  ['\x85', (m) => m.push(m.popMany(1))],
  ['\x86', (m) => m.push(m.popMany(2))],
  ['\x87', (m) => m.push(m.popMany(3))],
  ['a', (m) => m.append(m.popMany(1))],
  ['e', (m) => m.append(m.popToMark())],
  // Byte strings, short to long, and Python 2's strings, which are bytes.
  ['C', (m) => m.push(m.take(m.whole(1)))],
  ['U', (m) => m.push(m.take(m.whole(1)))],
  ['B', (m) => m.push(m.take(m.whole(4)))],
  ['T', (m) => m.push(m.take(m.whole(4)))],
  ['\x8e', (m) => m.push(m.take(m.whole(8)))],
  ['\x96', (m) => m.push(m.take(m.whole(8)))],
  // Text and byte strings of protocol 0.
  ['V', (m) => m.push(unescapeText(m.line()))],
  ['S', (m) => m.push(unescapeBytes(m.line()) ?? m.fail('a byte string without its quotes'))],
  // Text.
  ['\x8c', (m) => m.push(m.text(m.whole(1)))],
  ['X', (m) => m.push(m.text(m.whole(4)))],
  ['\x8d', (m) => m.push(m.text(m.whole(8)))],
  // Whole numbers and booleans.
  ['K', (m) => m.push(m.whole(1))],
  ['M', (m) => m.push(m.whole(2))],
  ['J', (m) => m.push(m.whole(4) | 0)],
  ['I', (m) => m.push(numberOfLine(m.line()))],
  ['\x88', (m) => m.push(true)],
  ['\x89', (m) => m.push(false)],
  // The memo.
  ['q', (m) => m.remember(m.whole(1))],
  ['r', (m) => m.remember(m.whole(4))],
  ['p', (m) => m.remember(Number(m.line()))],
  ['\x94', (m) => m.remember(m.remembered)],
  ['h', (m) => m.recall(m.whole(1))],
  ['j', (m) => m.recall(m.whole(4))],
  ['g', (m) => m.recall(Number(m.line()))],
  // Globals, their calls and states, of which few are known.
  ['c', (m) => m.pushGlobal(`${m.line()}.${m.line()}`)],
  ['\x93', (m) => m.pushNamedGlobal()],
  ['R', (m) => m.call()],
  ['b', (m) => m.build()],
  ['N', (m) => m.push(null)],
]);

/** Protocol 0 writes booleans as `00` and `01`. */
function numberOfLine(text: string): number | boolean {
  return text === '00' ? false : text === '01' ? true : Number(text);
}
