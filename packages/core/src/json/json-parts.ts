/** Elements of a list that are written at once. */
const elementsAtOnce = 1000;

/** Lists and objects nested deeper than this are written at once. */
const deepest = 6;

/**
 * The text that `JSON.stringify(value)` gives, in parts, so that it may be longer than a string: long lists are cut between
 * their elements.
 *
 * @param value plain data; a list's element, and what lies deeper than six levels, is in one part.
 */
export function* jsonParts(value: unknown, depth = 0): Generator<string> {
  if (depth === deepest || typeof value !== 'object' || value === null || 'toJSON' in value) {
    const text = JSON.stringify(value);
    if (text !== undefined) yield text;
  } else if (Array.isArray(value)) {
    yield '[';
    for (let from = 0; from < value.length; from += elementsAtOnce) {
      const text = JSON.stringify(value.slice(from, from + elementsAtOnce));
      yield `${from === 0 ? '' : ','}${text.slice(1, -1)}`;
    }
    yield ']';
  } else {
    yield* objectParts(value as Readonly<Record<string, unknown>>, depth);
  }
}

function* objectParts(object: Readonly<Record<string, unknown>>, depth: number): Generator<string> {
  let before = '{';
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value === undefined || typeof value === 'function' || typeof value === 'symbol') continue;
    yield `${before}${JSON.stringify(key)}:`;
    yield* jsonParts(value, depth + 1);
    before = ',';
  }
  yield before === '{' ? '{}' : '}';
}
