import { parseUniqueJson } from './parse-unique-json.js';
import type { JsonSchema } from './schema.js';
import { describeViolations, validateJson } from './validate.js';

/** What a JSON value has to be, and what to tell its author where it is not. */
export interface JsonContract {
  readonly schema: JsonSchema;
  /** As messages name it, with its article: `a result record`. */
  readonly what: string;
  /** The next step: `make it again`. */
  readonly next: string;
  /** The class of the errors. */
  readonly ErrorClass: new (
    message: string,
    options?: ErrorOptions,
  ) => Error;
}

/**
 * Parse JSON text and check it against a schema.
 *
 * @typeParam Value the type that `contract.schema` describes.
 * @param text     without a byte-order mark.
 * @param place    the file's name, and the line where there is one, for messages.
 * @throws {Error} of the contract's class, naming the place and where the text stops being JSON or repeats a key, or every
 * disagreement with the schema.
 * Cost: O(text).
 */
export function readJson<Value>(text: string, place: string, contract: JsonContract): Value {
  return checkJson<Value>(readUncheckedJson(text, place, contract), place, contract);
}

/**
 * Parse JSON text that its reader checks without a schema, or against several.
 *
 * @throws {Error} as readJson, where the text stops being JSON or an object has a key twice.
 */
export function readUncheckedJson(text: string, place: string, contract: Omit<JsonContract, 'schema'>): unknown {
  const { what, next, ErrorClass } = contract;
  try {
    return parseUniqueJson(text);
  } catch (cause) {
    throw new ErrorClass(
      `${place}: expected ${what} as JSON, got ${text.length} characters that do not parse (${(cause as Error).message}); ${next}`,
      { cause },
    );
  }
}

/**
 * Check a value that was parsed already against a schema.
 *
 * @throws {Error} as readJson, for every disagreement with the schema.
 */
export function checkJson<Value>(value: unknown, place: string, contract: JsonContract): Value {
  const { schema, what, next, ErrorClass } = contract;
  const violations = validateJson(schema, value);
  if (violations.length === 0) return value as Value;
  throw new ErrorClass(`${place}: not ${what}: ${describeViolations(violations)}; ${next}`);
}
