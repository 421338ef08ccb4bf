import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ByteSource, bytesSource } from '../../src/source/open-source.js';
import { visitLines } from '../../src/source/visit-lines.js';

function linesOf(text: string | ByteSource): string[] {
  const lines: string[] = [];
  visitLines(text, (line, number) => {
    expect(number).toBe(lines.length + 1);
    lines.push(line);
  });
  return lines;
}

/** Gives a few bytes at a time, as a pipe does. */
function slowly(bytes: Uint8Array, step: number): ByteSource {
  const source = bytesSource(bytes, 'a.txt');
  return {
    ...source,
    read: (into, offset) => source.read(into.subarray(0, Math.min(into.length, offset + step)), offset),
  };
}

test('gives of a source, however it is read, the lines of its text', () => {
  const part = fc.constantFrom('a', 'é', '𝄞', ' ', '\n', '\r', '\r\n', '\n\n', '1 2 3 4');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), fc.integer({ min: 1, max: 7 }), (parts, step) => {
      const text = parts.join('');
      expect(linesOf(slowly(new TextEncoder().encode(text), step))).toEqual(linesOf(text));
    }),
    { seed: 8, numRuns: 300 },
  );
});

test('gives lines that are longer than what is decoded at once', () => {
  const text = `a\n${'b'.repeat(3 << 20)}\r\nc`;
  expect(linesOf(bytesSource(new TextEncoder().encode(text), 'a.txt'))).toEqual(['a', 'b'.repeat(3 << 20), 'c']);
});

test('refuses a source that is not UTF-8, with its name', () => {
  const bytes = new Uint8Array([0x61, 0x0a, 0xff, 0x0a]);
  expect(() => linesOf(bytesSource(bytes, 'a.txt'))).toThrow(/a\.txt: expected text in UTF-8/);
});
