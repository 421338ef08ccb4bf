import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from '../../src/text/printable.js';

describe('printable', () => {
  it('shows control characters as escapes, since a file could otherwise write to the terminal what it likes', () => {
    expect(printable('tensor \u001b[2J\u001b]0;title\u0007: bad\r\n\tnext\u0000\u009b1m\u202eabc')).toBe(
      'tensor \\u001b[2J\\u001b]0;title\\u0007: bad\\u000d\n\tnext\\u0000\\u009b1m\\u202eabc',
    );
  });

  it('leaves other text as it is', () => {
    const text = 'a/b: 日本 é 🟢 "quoted" \\n';
    expect(printable(text)).toBe(text);
  });

  it('gives no control character but line feed and tab for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect([...printable(text)].every((c) => c === '\n' || c === '\t' || !/\p{Cc}/u.test(c))).toBe(true);
      }),
      { seed: 702, numRuns: 10_000 },
    );
  });
});
