import type { PickleValue } from './pickle-value.js';

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

/** What the machine asks of whoever reads a pickle: what its names and byte strings mean, and how an error is worded. */
export interface PickleMeaning<Own extends object> {
  /** The error for what is malformed, as a noun: `an operation on an empty stack`. */
  readonly malformed: (what: string, at: PicklePoint) => Error;
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
