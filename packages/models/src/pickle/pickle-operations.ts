import { unescapeBytes, unescapeText } from './escapes.js';
import type { PickleMachine } from './pickle-machine.js';
import { PickleDict } from './pickle-value.js';

const table = {
  // What says nothing of the value.
  PROTO: [0x80, (m) => void m.input.uint8()],
  FRAME: [0x95, (m) => void m.input.count64()],
  // The stack.
  MARK: [0x28, (m) => m.pushMark()],
  POP: [0x30, (m) => void m.pop()],
  // None, booleans, numbers; protocol 0 has numbers, and booleans as 00 and 01, in a line.
  NONE: [0x4e, (m) => m.push(null)],
  NEWTRUE: [0x88, (m) => m.push(true)],
  NEWFALSE: [0x89, (m) => m.push(false)],
  INT: [0x49, (m) => m.push(numberOfLine(m.input.latin1Line()))],
  BININT: [0x4a, (m) => m.push(m.input.int32())],
  BININT1: [0x4b, (m) => m.push(m.input.uint8())],
  BININT2: [0x4d, (m) => m.push(m.input.uint16())],
  LONG1: [0x8a, (m) => m.push(m.input.littleEndianInteger(m.input.uint8()))],
  BINFLOAT: [0x47, (m) => m.push(m.input.float64BigEndian())],
  // Text.
  UNICODE: [0x56, (m) => m.push(unescapeText(m.input.latin1Line()))],
  SHORT_BINUNICODE: [0x8c, (m) => m.push(m.input.text(m.input.uint8()))],
  BINUNICODE: [0x58, (m) => m.push(m.input.text(m.input.uint32()))],
  BINUNICODE8: [0x8d, (m) => m.push(m.input.text(m.input.count64()))],
  // Bytes, and strings of Python 2, which are bytes, too.
  SHORT_BINBYTES: [0x43, (m) => m.push(m.input.take(m.input.uint8()))],
  BINBYTES: [0x42, (m) => m.push(m.input.take(m.input.uint32()))],
  BINBYTES8: [0x8e, (m) => m.push(m.input.take(m.input.count64()))],
  BYTEARRAY8: [0x96, (m) => m.push(m.input.take(m.input.count64()))],
  STRING: [
    0x53,
    (m) => m.pushByteString(unescapeBytes(m.input.latin1Line()) ?? m.fail('a byte string without its quotes')),
  ],
  SHORT_BINSTRING: [0x55, (m) => m.pushByteString(m.input.take(m.input.uint8()))],
  BINSTRING: [0x54, (m) => m.pushByteString(m.input.take(m.input.uint32()))],
  // Lists, tuples, dicts.
  EMPTY_LIST: [0x5d, (m) => m.push([])],
  LIST: [0x6c, (m) => m.push(m.popToMark())],
  APPEND: [0x61, (m) => m.append(m.popMany(1))],
  APPENDS: [0x65, (m) => m.append(m.popToMark())],
  EMPTY_TUPLE: [0x29, (m) => m.pushTuple([])],
  TUPLE: [0x74, (m) => m.pushTuple(m.popToMark())],
  TUPLE1: [0x85, (m) => m.pushTuple(m.popMany(1))],
  TUPLE2: [0x86, (m) => m.pushTuple(m.popMany(2))],
  TUPLE3: [0x87, (m) => m.pushTuple(m.popMany(3))],
  EMPTY_DICT: [0x7d, (m) => m.push(new PickleDict())],
  SETITEM: [0x73, (m) => m.setItems(m.popMany(2))],
  SETITEMS: [0x75, (m) => m.setItems(m.popToMark())],
  // The memo.
  PUT: [0x70, (m) => m.remember(Number(m.input.latin1Line()))],
  BINPUT: [0x71, (m) => m.remember(m.input.uint8())],
  LONG_BINPUT: [0x72, (m) => m.remember(m.input.uint32())],
  MEMOIZE: [0x94, (m) => m.remember()],
  GET: [0x67, (m) => m.recall(Number(m.input.latin1Line()))],
  BINGET: [0x68, (m) => m.recall(m.input.uint8())],
  LONG_BINGET: [0x6a, (m) => m.recall(m.input.uint32())],
  // What is named: of it, a dialect knows little.
  GLOBAL: [0x63, (m) => m.pushGlobal(m.input.line(), m.input.line())],
  STACK_GLOBAL: [0x93, pushNamedGlobal],
  REDUCE: [0x52, (m) => m.call()],
  BUILD: [0x62, (m) => m.build()],
  BINPERSID: [0x51, (m) => m.pushPersistent()],
} satisfies Record<string, readonly [code: number, run: <Own extends object>(machine: PickleMachine<Own>) => void]>;

/** An operation by its name in pickletools; those that build objects of any class are none of them. */
export type PickleOperation = keyof typeof table;

/** What each operation does to the machine, by the byte that stands for it. */
export const pickleOperations = new Map(
  (Object.keys(table) as PickleOperation[]).map((name) => [table[name][0], { name, run: table[name][1] }] as const),
);

function pushNamedGlobal<Own extends object>(machine: PickleMachine<Own>): void {
  const [module, name] = machine.popMany(2);
  machine.pushGlobal(module, name);
}

function numberOfLine(text: string): number | boolean {
  return text === '00' ? false : text === '01' ? true : Number(text);
}
