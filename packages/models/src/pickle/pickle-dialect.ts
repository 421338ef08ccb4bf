import type { PickleValue } from './pickle-value.js';
import type { PickleOperation } from './read-pickle.js';

/** Where in a file the machine is. */
export interface PicklePoint {
  /** The file, for messages. */
  readonly place: string;
  /** First byte of the operation, and its name in pickletools. */
  readonly start: number;
  readonly operation: string;
  /** The byte that is read next. */
  readonly position: number;
}

/** What a reader takes of the pickles of its files. All that they name means here what the dialect says, and nothing else. */
export interface PickleDialect<Own extends object> {
  /** Operations that are read; every other is refused. */
  readonly operations: ReadonlySet<PickleOperation>;
  /** The error for what is malformed, as a noun: `an operation on an empty stack`. */
  readonly malformed: (what: string, at: PicklePoint) => Error;
  /** The error for an operation that is not read. */
  readonly refused: (code: number, at: PicklePoint) => Error;
  /** What a string of Python 2 is: bytes, or text. */
  readonly byteString: (bytes: Uint8Array, at: PicklePoint) => PickleValue<Own>;
  /** Whether a class or function may be named at all. */
  readonly mayName: (name: string) => boolean;
  /** What a call gives; undefined if it is refused. */
  readonly call: (
    name: string,
    parameters: readonly PickleValue<Own>[],
    at: PicklePoint,
  ) => PickleValue<Own> | undefined;
  /** Give an object the state that the stream has for it; the noun for what is wrong, if anything is. */
  readonly build: (target: PickleValue<Own>, state: PickleValue<Own>) => string | undefined;
  /** The object that an id outside the stream names. */
  readonly persistent?: (id: PickleValue<Own>, at: PicklePoint) => PickleValue<Own>;
}
