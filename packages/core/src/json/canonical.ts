import { jsonParts } from './json-parts.js';

/**
 * `value` as JSON with the keys of every object in the order of UTF-16 code units and no white space, so that equal values have
 * equal text whatever the order in which they were written. Undefined properties are left out.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sortKeys(value));
}

/** The same text in parts, so that it may be longer than a string (jsonParts). */
export function canonicalJsonParts(value: unknown): Iterable<string> {
  return jsonParts(sortKeys(value));
}

/** `value` with the keys of every object in order; what is in order already, lists of it included, is not copied. */
function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? sortItems(value) : sortObject(value as Readonly<Record<string, unknown>>);
}

function sortItems(items: readonly unknown[]): readonly unknown[] {
  let sorted: unknown[] | undefined;
  for (let index = 0; index < items.length; index++) {
    const item = sortKeys(items[index]);
    if (item !== items[index]) sorted ??= items.slice();
    if (sorted !== undefined) sorted[index] = item;
  }
  return sorted ?? items;
}

function sortObject(object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const keys = Object.keys(object);
  let isSorted = areAscending(keys);
  if (!isSorted) keys.sort();
  const values: unknown[] = [];
  for (let index = 0; index < keys.length; index++) {
    const written = object[keys[index]];
    const value = sortKeys(written);
    if (value !== written) isSorted = false;
    values.push(value);
  }
  if (isSorted) return object;
  const sorted: Record<string, unknown> = {};
  for (let index = 0; index < keys.length; index++) {
    // Assigned, it would be the prototype.
    if (keys[index] === '__proto__') return Object.fromEntries(keys.map((key, at) => [key, values[at]]));
    sorted[keys[index]] = values[index];
  }
  return sorted;
}

function areAscending(keys: readonly string[]): boolean {
  for (let index = 1; index < keys.length; index++) if (keys[index] < keys[index - 1]) return false;
  return true;
}
