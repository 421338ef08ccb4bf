import { DatasetError } from '@retinabench/core';
import {
  ByteReader,
  type PickleDialect,
  PickleTuple,
  readPickle as readPickleAs,
  type PickleValue as ValueOf,
} from '@retinabench/models';
import { callKnown, isKnownGlobal, NumpyArray, NumpyType } from './pickle-globals.js';

/** What a pickle of pairs may hold; tuples are lists. */
export type PickleValue = Uint8Array | string | number | boolean | null | readonly PickleValue[];

type Item = ValueOf<NumpyType | NumpyArray>;

const form = 'a pickle of lists, tuples, byte strings and booleans';

/** What pairs are written with, protocols 0 to 5. */
const dialect: PickleDialect<NumpyType | NumpyArray> = {
  operations: new Set([
    ...(['PROTO', 'FRAME', 'MARK', 'NONE', 'NEWTRUE', 'NEWFALSE', 'INT', 'BININT', 'BININT1', 'BININT2'] as const),
    ...(['UNICODE', 'SHORT_BINUNICODE', 'BINUNICODE', 'BINUNICODE8', 'SHORT_BINBYTES', 'BINBYTES'] as const),
    ...(['BINBYTES8', 'BYTEARRAY8', 'STRING', 'SHORT_BINSTRING', 'BINSTRING', 'EMPTY_LIST', 'LIST'] as const),
    ...(['APPEND', 'APPENDS', 'EMPTY_TUPLE', 'TUPLE', 'TUPLE1', 'TUPLE2', 'TUPLE3', 'PUT', 'BINPUT'] as const),
    ...([
      'LONG_BINPUT',
      'MEMOIZE',
      'GET',
      'BINGET',
      'LONG_BINGET',
      'GLOBAL',
      'STACK_GLOBAL',
      'REDUCE',
      'BUILD',
    ] as const),
  ]),
  malformed: (what, { place, position }) =>
    new DatasetError(`${place}: byte ${position}: expected ${form}, got ${what}`),
  refused: (code, { place, position }) =>
    new DatasetError(
      `${place}: byte ${position}: expected ${form}, got operation ${JSON.stringify(String.fromCharCode(code))}`,
    ),
  byteString: (bytes) => bytes,
  mayName: isKnownGlobal,
  call: callKnown,
  build: (target, state) => {
    // The state of a type says nothing that counts.
    if (target instanceof NumpyType) return undefined;
    const isFilled = target instanceof NumpyArray && state instanceof PickleTuple && target.fill(state.items);
    return isFilled ? undefined : 'the state of something else than an array of booleans or bytes';
  },
};

/**
 * Read a pickle that holds lists, tuples, byte strings, text, small whole numbers, booleans, and NumPy's booleans and arrays of
 * booleans or bytes, protocol 0 to 5, without running anything.
 *
 * @throws {DatasetError} with the byte if the file is truncated, or holds another operation (classes, functions).
 */
export function readPickle(bytes: Uint8Array, place: string): PickleValue {
  const input = new ByteReader(bytes, place, 0, DatasetError);
  const fail = (what: string): never => {
    throw new DatasetError(`${place}: byte ${input.position}: expected ${form}, got ${what}`);
  };
  const plainOf = (item: Item): PickleValue => {
    if (item instanceof NumpyArray) return item.value() ?? fail('an array without content');
    if (item instanceof PickleTuple) return item.items.map(plainOf);
    if (Array.isArray(item)) return item.map(plainOf);
    if (item === null || typeof item !== 'object' || item instanceof Uint8Array) return item;
    return fail('a class as its value');
  };
  return plainOf(readPickleAs(input, dialect));
}
