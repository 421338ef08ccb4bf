import { ModelError } from '@retinabench/core';
import type { ByteReader } from './byte-reader.js';
import { callGlobal, resolvePersistentId } from './pickle-torch.js';
import { PickleDict, PickleGlobal, PickleTuple, type PickleValue } from './pickle-value.js';

/** Marks a position of the stack; no value of the stream. */
const mark = Symbol('mark');

/** State of the machine that a pickle stream is a program of. */
interface Machine {
  readonly input: ByteReader;
  readonly stack: (PickleValue | typeof mark)[];
  readonly memo: Map<number, PickleValue>;
  /** Offset of the opcode being run, and its name, for messages. */
  at: number;
  opcode: string;
}

/**
 * The opcodes that streams of tensors need (pickle protocol 2, as `torch.save` writes it), by code. Everything else,
 * above all the opcodes that build objects of a named class, is refused.
 *
 * Source: Python's Lib/pickletools.py, which defines each.
 */
const opcodes: ReadonlyMap<number, { readonly name: string; readonly run: (machine: Machine) => void }> = new Map(
  Object.entries({
    PROTO: [0x80, (m) => void m.input.uint8()],
    MARK: [0x28, (m) => void m.stack.push(mark)],
    POP: [0x30, (m) => void pop(m)],
    NONE: [0x4e, (m) => push(m, null)],
    NEWTRUE: [0x88, (m) => push(m, true)],
    NEWFALSE: [0x89, (m) => push(m, false)],
    BININT: [0x4a, (m) => push(m, m.input.int32())],
    BININT1: [0x4b, (m) => push(m, m.input.uint8())],
    BININT2: [0x4d, (m) => push(m, m.input.uint16())],
    LONG1: [0x8a, (m) => push(m, m.input.littleEndianInteger(m.input.uint8()))],
    BINFLOAT: [0x47, (m) => push(m, m.input.float64BigEndian())],
    BINUNICODE: [0x58, (m) => push(m, m.input.text(m.input.uint32()))],
    SHORT_BINSTRING: [0x55, (m) => push(m, m.input.text(m.input.uint8()))],
    EMPTY_DICT: [0x7d, (m) => push(m, new PickleDict())],
    EMPTY_LIST: [0x5d, (m) => push(m, [])],
    EMPTY_TUPLE: [0x29, (m) => push(m, new PickleTuple([]))],
    TUPLE: [0x74, (m) => push(m, new PickleTuple(popToMark(m)))],
    TUPLE1: [0x85, (m) => push(m, new PickleTuple(popMany(m, 1)))],
    TUPLE2: [0x86, (m) => push(m, new PickleTuple(popMany(m, 2)))],
    TUPLE3: [0x87, (m) => push(m, new PickleTuple(popMany(m, 3)))],
    APPEND: [0x61, (m) => append(m, popMany(m, 1))],
    APPENDS: [0x65, (m) => append(m, popToMark(m))],
    SETITEM: [0x73, (m) => setItems(m, popMany(m, 2))],
    SETITEMS: [0x75, (m) => setItems(m, popToMark(m))],
    BINPUT: [0x71, (m) => void m.memo.set(m.input.uint8(), top(m))],
    LONG_BINPUT: [0x72, (m) => void m.memo.set(m.input.uint32(), top(m))],
    BINGET: [0x68, (m) => push(m, recall(m, m.input.uint8()))],
    LONG_BINGET: [0x6a, (m) => push(m, recall(m, m.input.uint32()))],
    GLOBAL: [0x63, (m) => push(m, new PickleGlobal(`${m.input.line()}.${m.input.line()}`))],
    BINPERSID: [0x51, (m) => push(m, resolvePersistentId(pop(m), place(m)))],
    REDUCE: [0x52, reduce],
    BUILD: [0x62, build],
  } satisfies Record<string, [number, (machine: Machine) => void]>).map(([name, [code, run]]) => [code, { name, run }]),
);

const stop = 0x2e;

/**
 * Interpret one pickle stream, as far as tensors need it. Nothing that the stream names is ever looked up or run: of
 * globals, only the few of `pickle-torch.ts` mean something, and they mean it here.
 *
 * @param input read from its position to just past the STOP opcode.
 * @returns the value that the stream describes.
 * @throws {ModelError} naming opcode and byte offset if an opcode or global is not one that tensors need, or the
 * stream is malformed or ends early.
 * Cost: O(bytes of the stream), in time and in memory.
 */
export function readPickle(input: ByteReader): PickleValue {
  const machine: Machine = { input, stack: [], memo: new Map(), at: 0, opcode: '' };
  for (;;) {
    machine.at = input.position;
    const code = input.uint8();
    if (code === stop) {
      machine.opcode = 'STOP';
      return pop(machine);
    }
    const opcode = opcodes.get(code);
    if (opcode === undefined) {
      throw new ModelError(
        `${input.place}: byte ${machine.at}: pickle opcode 0x${code.toString(16).padStart(2, '0')} is not one that tensors need; save the state_dict alone with torch.save(model.state_dict(), file)`,
      );
    }
    machine.opcode = opcode.name;
    opcode.run(machine);
  }
}

function place(machine: Machine): string {
  return `${machine.input.place}: byte ${machine.at}: pickle opcode ${machine.opcode}`;
}

function push(machine: Machine, value: PickleValue): void {
  machine.stack.push(value);
}

function pop(machine: Machine): PickleValue {
  const value = machine.stack.pop();
  if (value === undefined || value === mark)
    throw new ModelError(`${place(machine)}: the stack is empty; the file is damaged`);
  return value;
}

function popMany(machine: Machine, count: number): PickleValue[] {
  return Array.from({ length: count }, () => pop(machine)).reverse();
}

function popToMark(machine: Machine): PickleValue[] {
  const start = machine.stack.lastIndexOf(mark);
  if (start < 0) throw new ModelError(`${place(machine)}: no MARK on the stack; the file is damaged`);
  const values = machine.stack.splice(start).slice(1);
  return values.filter((value) => value !== mark);
}

function top(machine: Machine): PickleValue {
  const value = machine.stack.at(-1);
  if (value === undefined || value === mark)
    throw new ModelError(`${place(machine)}: the stack is empty; the file is damaged`);
  return value;
}

function recall(machine: Machine, key: number): PickleValue {
  const value = machine.memo.get(key);
  if (value === undefined)
    throw new ModelError(`${place(machine)}: nothing is remembered as ${key}; the file is damaged`);
  return value;
}

function append(machine: Machine, items: PickleValue[]): void {
  const list = top(machine);
  if (!Array.isArray(list))
    throw new ModelError(`${place(machine)}: expected a list on the stack; the file is damaged`);
  for (const item of items) list.push(item);
}

function setItems(machine: Machine, items: PickleValue[]): void {
  const dict = top(machine);
  if (!(dict instanceof PickleDict) || items.length % 2 !== 0) {
    throw new ModelError(`${place(machine)}: expected a dict and pairs on the stack; the file is damaged`);
  }
  for (let index = 0; index < items.length; index += 2) {
    const key = items[index];
    if (typeof key === 'string') dict.entries.set(key, items[index + 1] ?? null);
  }
}

function reduce(machine: Machine): void {
  const args = pop(machine);
  const callable = pop(machine);
  if (!(callable instanceof PickleGlobal) || !(args instanceof PickleTuple)) {
    throw new ModelError(`${place(machine)}: expected a global and a tuple on the stack; the file is damaged`);
  }
  push(machine, callGlobal(callable.name, args.items, place(machine)));
}

/** BUILD sets attributes; the only one that checkpoints use is an OrderedDict's `_metadata`, which says nothing of tensors. */
function build(machine: Machine): void {
  pop(machine);
  if (!(top(machine) instanceof PickleDict)) {
    throw new ModelError(`${place(machine)}: only an OrderedDict may have attributes here; save the state_dict alone`);
  }
}
