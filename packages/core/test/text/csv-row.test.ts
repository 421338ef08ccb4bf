import { describe, expect, it } from 'vitest';
import { csvField, csvRow, guardFormula, withoutGuard } from '../../src/index.js';

describe('csvRow(values)', () => {
  it('quotes separators, quotation marks, line breaks and outer spaces, and leaves the rest', () => {
    expect(csvRow(['a,b', 'say "x"', 'two\nlines', ' led', 'plain', -1.5, undefined])).toBe(
      '"a,b","say ""x""","two\nlines"," led",plain,-1.5,\n',
    );
    expect(csvField('-1')).toBe('-1');
  });
});

describe('guardFormula(value)', () => {
  it('leads text that a spreadsheet would run by an apostrophe, and gives it back', () => {
    for (const text of ['=HYPERLINK("x")', '+1', '-x.jpg', '@SUM(A1)', '\tx', '\rx']) {
      expect(guardFormula(text)).toBe(`'${text}`);
      expect(withoutGuard(guardFormula(text))).toBe(text);
    }
  });

  it('leaves numbers and other text, an apostrophe of its own included', () => {
    expect(guardFormula(-1.5)).toBe(-1.5);
    for (const text of ["'t.jpg", 'a=b.jpg', '']) {
      expect(guardFormula(text)).toBe(text);
      expect(withoutGuard(text)).toBe(text);
    }
  });
});
