import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDecimals } from '../../src/set/exact-decimal.js';

test.each([
  [0.1, 1, 1, '1.1'],
  ['1.1', 1, -1, '0.1'],
  [5, 7, -1, '-2'],
  [1e-7, 1, 1, '1.0000001'],
  ['-0.5', '0.5', 1, '0'],
  ['1e3', '0.25', 1, '1000.25'],
  ['.5', '+2.', 1, '2.5'],
] as const)('%s and %s with sign %i are %s', (a, b, sign, sum) => {
  expect(addDecimals(a, b, sign)).toBe(sum);
});

test('a double plus another, less that again, is the double', () => {
  const double = fc.double({ min: -1e7, max: 1e7, noNaN: true });
  fc.assert(
    fc.property(double, double, (a, b) => {
      expect(Number(addDecimals(addDecimals(a, b), b, -1))).toBe(a + 0);
    }),
    { seed: 3, numRuns: 2000 },
  );
});
