/** Code units that structure JSON. */
const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket, comma] = [...'"\\{}[],'].map((sign) =>
  sign.charCodeAt(0),
);

/**
 * Parse JSON text in which no object has a key twice. `JSON.parse` takes the last of them in silence, other readers the
 * first: what such a file says depends on who reads it.
 *
 * @throws {SyntaxError} if the text is not JSON, or a key appears twice in one object; its message names key and line.
 * Cost: that of `JSON.parse` and one pass over the text.
 */
export function parseUniqueJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const repeated = findRepeatedKey(text);
  if (repeated === undefined) return value;
  const line = text.slice(0, repeated.at).split('\n').length;
  throw new SyntaxError(`the key ${repeated.key.slice(0, 60)} appears twice in one object, again in line ${line}`);
}

/** The first key that an object has twice: as it is written, and where. @param text valid JSON. */
function findRepeatedKey(text: string): { readonly key: string; readonly at: number } | undefined {
  /** Of each open object its keys, of each open list undefined. */
  const open: (Set<string> | undefined)[] = [];
  let isKey = false;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === quote) {
      const end = endOfString(text, at);
      if (isKey) {
        const key = text.slice(at, end + 1);
        const keys = open[open.length - 1];
        // Two spellings of one key: "a" is "\u0061".
        const name = key.includes('\\') ? (JSON.parse(key) as string) : key.slice(1, -1);
        if (keys?.has(name)) return { key, at };
        keys?.add(name);
        isKey = false;
      }
      at = end;
    } else if (sign === openBrace) {
      open.push(new Set());
      isKey = true;
    } else if (sign === openBracket) {
      open.push(undefined);
    } else if (sign === closeBrace || sign === closeBracket) {
      open.pop();
      isKey = false;
    } else if (sign === comma) {
      isKey = open[open.length - 1] !== undefined;
    }
  }
  return undefined;
}

/** Where the string that begins at `start` ends: at its closing quote, before which there is an even number of backslashes. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes++;
    if (escapes % 2 === 0) return end;
  }
}
