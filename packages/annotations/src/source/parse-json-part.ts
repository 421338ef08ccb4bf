import { parseUniqueJson } from '@retinabench/core/basics';
import { countKeys } from './count-keys.js';
import { placeIn } from './place-in.js';

/** Makes the error for what is wrong at a byte of a part. */
export type PartFailure = (what: string, at: number, cause?: unknown) => Error;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Parse a part that was cut out of a JSON file.
 *
 * @param colons how many stand outside strings: as many keys an object of it has to keep, so that none came twice.
 * @param isList whether the part is elements of a list, without its brackets; else it is one value.
 * @throws what `fail` makes, if the part is not UTF-8, not JSON, or an object has a key twice.
 */
export function parseJsonPart(part: Uint8Array, colons: number, isList: boolean, fail: PartFailure): unknown {
  let text: string;
  try {
    text = utf8.decode(part);
  } catch {
    throw fail('expected text in UTF-8, got other bytes; save it as UTF-8', 0);
  }
  const json = isList ? `[${text}]` : text;
  try {
    const value: unknown = JSON.parse(json);
    if (countKeys(value) !== colons) parseUniqueJson(json);
    return value;
  } catch (cause) {
    const { message } = cause as Error;
    // The bracket before a list is one byte that the file does not have there.
    const at = (placeIn(json, message) ?? 0) - (isList ? 1 : 0);
    throw fail(`does not parse as JSON (${message.slice(0, 200)})`, Math.max(at, 0), cause);
  }
}
