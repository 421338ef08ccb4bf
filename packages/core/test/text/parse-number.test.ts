import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNumber } from '../../src/text/parse-number.js';

function parse(text: string): number | undefined {
  const out = new Float64Array(1);
  const bytes = new TextEncoder().encode(`<${text}>`);
  return parseNumber(bytes, 1, bytes.length - 1, out, 0) ? out[0] : undefined;
}

describe('parseNumber', () => {
  it('gives the nearest double of any decimal, as Number does', () => {
    const shapes = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value.toFixed(8)),
      fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 25n }), fc.nat(24)).map(([digits, point]) => {
        const text = String(digits).padStart(point + 1, '0');
        return `-${text.slice(0, text.length - point)}.${text.slice(text.length - point)}`;
      }),
    );
    fc.assert(
      fc.property(shapes, (text) => {
        expect(parse(text)).toBe(Number(text));
      }),
      { seed: 4, numRuns: 10_000 },
    );
  });

  it('reads signs, a bare point, exponents, NaN and infinities as Python does', () => {
    expect(parse('+1.50')).toBe(1.5);
    expect(parse('.5')).toBe(0.5);
    expect(parse('5.')).toBe(5);
    expect(parse('-2e-3')).toBe(-0.002);
    expect(parse('nan')).toBeNaN();
    expect(parse('-Infinity')).toBe(Number.NEGATIVE_INFINITY);
  });

  it.each(['', '-', '.', '1.2.3', '1x', '0x10', '1 2', '--1', 'e5', '1e', 'na'])('refuses %j', (text) => {
    expect(parse(text)).toBeUndefined();
  });
});
