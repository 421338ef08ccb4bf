import { describe, expect, it } from 'vitest';
import { formatProtocol } from '../../src/record/format-protocol.js';

describe('formatProtocol', () => {
  it('wraps between settings at 120 columns, quotes values with spaces, and loses none', () => {
    const names = Array.from({ length: 40 }, (_, i) => `setting${i}`);
    const text = formatProtocol({
      id: 'not repeated',
      ...Object.fromEntries(names.map((name) => [name, name.length])),
      pooling: 'mean, then sum',
      scale: [1, 2],
    });
    const lines = text.split('\n');
    expect(lines.length).toBeGreaterThan(4);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(120);
    expect(lines.slice(1).every((line) => /^ {2}\S/.test(line))).toBe(true);
    expect(text.replaceAll('\n ', '')).toBe(
      `${lines[0].slice(0, 'protocol 0123456789ab:'.length)} ${names.map((name) => `${name}=${name.length}`).join(' ')} pooling="mean, then sum" scale=1,2`,
    );
  });

  it('puts a setting that is longer than a line on a line of its own', () => {
    const long = 'x'.repeat(200);
    expect(formatProtocol({ a: 1, long, b: 2 }).split('\n').slice(1)).toEqual([`  long=${long}`, '  b=2']);
  });
});
