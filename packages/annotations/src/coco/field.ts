import { DatasetError, describeJson } from '@retinabench/core';

/** An object out of JSON. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Reads the members of JSON objects, naming the place of what it does not expect. */
export interface Fields {
  /** The file. */
  readonly place: string;
  error(path: string, expected: string, actual: unknown): DatasetError;
  object(value: unknown, path: () => string): JsonObject;
  /** As many finite numbers as `count`, or any number of them. */
  numbers(value: unknown, count: number | undefined, path: () => string): readonly number[];
  number(value: unknown, path: () => string): number;
  text(value: unknown, path: () => string): string;
  /** A number or word by which objects refer to each other. */
  id(value: unknown, path: () => string): number | string;
  /** 0, 1, true or false; absent: false. */
  flag(value: unknown, path: () => string): boolean;
}

/** Readers of the members of a file's objects. @param place the file, for messages. */
export function fieldsOf(place: string): Fields {
  const error = (path: string, expected: string, actual: unknown): DatasetError =>
    new DatasetError(`${place}: ${path}: expected ${expected}, got ${describeJson(actual)}; correct the file`);
  return {
    place,
    error,
    object: (value, path) => {
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
      throw error(path(), 'an object', value);
    },
    numbers: (value, count, path) => {
      if (!Array.isArray(value) || (count !== undefined && value.length !== count)) {
        throw error(path(), count === undefined ? 'a list of numbers' : `a list of ${count} numbers`, value);
      }
      for (let at = 0; at < value.length; at++) {
        if (!Number.isFinite(value[at])) throw error(`${path()}[${at}]`, 'a finite number', value[at]);
      }
      return value as readonly number[];
    },
    number: (value, path) => {
      if (typeof value === 'number' && Number.isFinite(value)) return value;
      throw error(path(), 'a finite number', value);
    },
    text: (value, path) => {
      if (typeof value === 'string' && value !== '') return value;
      throw error(path(), 'text', value);
    },
    id: (value, path) => {
      if (typeof value === 'string' && value !== '') return value;
      if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
      throw error(path(), 'a whole number or text', value);
    },
    flag: (value, path) => {
      if (value === undefined || value === null || value === 0 || value === false) return false;
      if (value === 1 || value === true) return true;
      throw error(path(), '0 or 1', value);
    },
  };
}
