import { DatasetError } from '@retinabench/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forEachLine } from '../../src/text/lines.js';
import { readWholeLines } from '../../src/text/whole-lines.js';
import { tempFile } from '../temp-files.js';

async function linesOf(file: string): Promise<string[]> {
  const lines: string[] = [];
  await forEachLine(file, (text, line) => {
    expect(line).toBe(lines.length + 1);
    lines.push(text);
  });
  return lines;
}

describe('readWholeLines(file)', () => {
  it('gives chunks that end at a line ending and together are the file', async () => {
    const text = Array.from({ length: 700_000 }, (_, i) => `line ${i}`).join('\n');
    const file = await tempFile('long.txt', text);
    const chunks: string[] = [];
    for await (const chunk of readWholeLines(file)) {
      expect(chunk.at(-1)).toBe(0x0a);
      chunks.push(new TextDecoder().decode(chunk));
    }
    expect(chunks.length).toBeGreaterThan(1);
    expect(chunks.join('')).toBe(`${text}\n`);
  });

  it('refuses a file without line endings, and a folder', async () => {
    const file = await tempFile('zeros.bin', new Uint8Array(5_000_000));
    await expect(linesOf(file)).rejects.toThrow(/zeros\.bin: expected lines of text/);
    await expect(linesOf('/')).rejects.toThrow(DatasetError);
    await expect(linesOf('/no/such/file')).rejects.toThrow(/cannot be read.*check the path/);
  });
});

describe('forEachLine(file, onLine)', () => {
  it('gives the lines whatever their ending, with or without one at the end, and without a byte order mark', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.stringMatching(/^[a-z0-9 ,.]{0,12}[a-z]$/), { minLength: 1, maxLength: 20 }),
        fc.constantFrom('\n', '\r\n'),
        fc.constantFrom('', '\n', '\r\n\r\n'),
        fc.boolean(),
        async (lines, ending, last, mark) => {
          const file = await tempFile('lines.txt', `${mark ? '\ufeff' : ''}${lines.join(ending)}${last}`);
          expect(await linesOf(file)).toEqual(lines);
        },
      ),
      { seed: 7, numRuns: 40 },
    );
  });

  it('refuses an empty line in the middle, where line numbers would no longer be image numbers', async () => {
    await expect(linesOf(await tempFile('gap.txt', 'a\n\nb\n'))).rejects.toThrow(/gap\.txt:2: .*empty line/);
  });
});
