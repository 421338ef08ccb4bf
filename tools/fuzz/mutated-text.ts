import fc from 'fast-check';
import { oneToFour } from './one-to-four.js';

/** What a number or a word of a text is replaced by. */
const tokens = [
  '',
  '0',
  '-0',
  '-1',
  '1.5',
  '1e999',
  '-1e999',
  '1e-400',
  '4294967295',
  '2147483648',
  '9007199254740993',
  '9'.repeat(400),
  'NaN',
  'Infinity',
  '0x10',
  '1_000',
  '\u0664',
  '..',
  '../../etc/passwd',
  '/etc/passwd',
  'C:\\windows\\x',
  'a\0b',
  '__proto__',
  'constructor',
  '{"__proto__":{"polluted":1}}',
  '[1,',
  'null',
  'true',
  '"',
  '\\',
  '\ud800',
  '\u2028',
  '\ufeff',
  '\u001b[2J',
  ' ',
  '\t',
  '\n',
  '\r\n',
  '\n\n',
];

/**
 * Texts made from real ones by one to four changes: numbers, words and lines replaced, removed, doubled and moved, cut, and
 * hostile tokens put in.
 *
 * @param originals valid texts.
 */
export function mutatedText(originals: readonly string[]): fc.Arbitrary<string> {
  const at = fc.oneof(fc.nat(2 ** 31), fc.nat(80));
  const token = fc.oneof(fc.constantFrom(...tokens), fc.string({ maxLength: 6 }));
  const mutation: fc.Arbitrary<(text: string) => string> = fc.oneof(
    fc.tuple(at, token).map(
      ([p, to]) =>
        (text: string) =>
          replaceWord(text, p, /[-+.\w]+/g, to),
    ),
    fc.tuple(at, token).map(
      ([p, to]) =>
        (text: string) =>
          replaceWord(text, p, /[-+]?\d+(\.\d+)?/g, to),
    ),
    fc.tuple(at, token).map(
      ([p, to]) =>
        (text: string) =>
          insert(text, p, to),
    ),
    fc.tuple(at, fc.nat(40)).map(
      ([p, n]) =>
        (text: string) =>
          remove(text, p, n),
    ),
    at.map((p) => (text: string) => text.slice(0, p % (text.length + 1))),
    fc.tuple(at, at).map(
      ([p, q]) =>
        (text: string) =>
          moveLine(text, p, q, false),
    ),
    fc.tuple(at, at).map(
      ([p, q]) =>
        (text: string) =>
          moveLine(text, p, q, true),
    ),
  );
  return fc
    .tuple(fc.constantFrom(...originals), oneToFour(mutation))
    .map(([text, mutations]) => mutations.reduce((changed, mutate) => mutate(changed), text));
}

function replaceWord(text: string, p: number, words: RegExp, to: string): string {
  const found = [...text.matchAll(words)];
  if (found.length === 0) return insert(text, p, to);
  const { index, 0: word } = found[p % found.length];
  return text.slice(0, index) + to + text.slice(index + word.length);
}

function insert(text: string, p: number, to: string): string {
  const start = p % (text.length + 1);
  return text.slice(0, start) + to + text.slice(start);
}

function remove(text: string, p: number, n: number): string {
  const start = p % (text.length + 1);
  return text.slice(0, start) + text.slice(start + n);
}

function moveLine(text: string, p: number, q: number, keep: boolean): string {
  const lines = text.split('\n');
  const from = p % lines.length;
  const [line] = keep ? [lines[from]] : lines.splice(from, 1);
  lines.splice(q % (lines.length + 1), 0, line);
  return lines.join('\n');
}
