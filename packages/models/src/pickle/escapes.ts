/**
 * Text as protocol 0 writes it: a line in Latin-1 with `\uXXXX` and `\UXXXXXXXX` for what that lacks, and for line breaks and
 * backslashes (raw-unicode-escape of Python).
 */
export function unescapeText(line: string): string {
  return line.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (_, short?: string, long?: string) =>
    String.fromCodePoint(Math.min(Number.parseInt(short ?? long ?? '0', 16), 0x10ffff)),
  );
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/**
 * A byte string as Python 2 writes it by protocol 0: its `repr`, in single or double quotes.
 *
 * @returns undefined if the line is none.
 */
export function unescapeBytes(line: string): Uint8Array | undefined {
  const quote = line[0];
  if ((quote !== "'" && quote !== '"') || line.length < 2 || line.at(-1) !== quote) return undefined;
  const text = line
    .slice(1, -1)
    .replace(/\\x([0-9a-fA-F]{2})|\\(.)/g, (whole, hex?: string, sign?: string) =>
      hex !== undefined ? String.fromCharCode(Number.parseInt(hex, 16)) : (escapes[sign ?? ''] ?? whole),
    );
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
