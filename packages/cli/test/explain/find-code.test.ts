import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCode } from '../../src/explain/find-code.js';
import { findWord } from '../../src/explain/find-word.js';

const packages = path.resolve(import.meta.dirname, '../../..');

/** Every code that sources give to a finding, or write before the message of a warning. */
function codesOfSources(): string[] {
  const codes = new Set<string>();
  for (const file of readdirSync(packages, { recursive: true, encoding: 'utf8' })) {
    if (!/^[a-z-]+[/\\]src[/\\].*\.ts$/.test(file)) continue;
    const source = readFileSync(path.join(packages, file), 'utf8');
    for (const [, code] of source.matchAll(/\bcode: '([a-z0-9]+(?:-[a-z0-9]+)+)'/g)) codes.add(code);
    for (const [, union] of source.matchAll(/type \w*Code\w* =((?:\s*\|?\s*'[a-z0-9-]+')+);/g)) {
      for (const [, code] of union.matchAll(/'([^']+)'/g)) codes.add(code);
    }
    for (const [, code] of source.matchAll(/`([a-z0-9]+(?:-[a-z0-9]+)+): \$\{/g)) codes.add(code);
  }
  return [...codes].sort();
}

describe('explain CODE', () => {
  it('knows every code that the program prints', () => {
    const codes = codesOfSources();
    expect(codes).toEqual(expect.arrayContaining(['box-size', 'faces-twice', 'images-unannotated', 'sizes-differ']));
    expect(codes.length).toBeGreaterThan(70);
    // `retinabench-assets` is a program, which its messages begin with.
    const unknown = codes.filter(
      (code) => code !== 'retinabench-assets' && findCode(code).length === 0 && findWord(code).kind === 'unknown',
    );
    expect(unknown).toEqual([]);
  });

  it('gives the row of the guide under its headers, also of a code with its colon', () => {
    for (const written of ['images-identical', 'images-identical:']) {
      const [row, ...others] = findCode(written);
      expect(others).toEqual([]);
      expect(row).toMatchObject({ word: 'images-identical', docs: 'docs/detection-metrics.md' });
      expect(row.meaning).toMatch(/^level: warning\n {2}found when: images have the bytes of another/);
    }
    expect(findCode('no-such-code')).toEqual([]);
  });
});
