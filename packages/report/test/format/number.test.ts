import { describe, expect, it } from 'vitest';
import { closest } from '../../src/format/closest.js';
import { formatBytes, formatChange, formatMs, formatPointDifference, formatPoints } from '../../src/format/number.js';

describe('number formats', () => {
  it('writes fractions in percent and differences in points with a sign', () => {
    expect(formatPoints(0.7382726)).toBe('73.83 %');
    expect(formatPointDifference(-0.0051)).toBe('−0.51');
    expect(formatPointDifference(0.0051)).toBe('+0.51');
    expect(formatPointDifference(-0.00001)).toBe('0.00');
    expect(formatChange(0.051)).toBe('+5.1 %');
  });

  it('keeps three significant digits of a time', () => {
    expect([0.41234, 2.345, 23.12, 1742.4].map(formatMs)).toEqual(['0.412 ms', '2.35 ms', '23.1 ms', '1742 ms']);
  });

  it('writes bytes in binary units', () => {
    expect([0, 1023, 1_740_000, 2 ** 31].map(formatBytes)).toEqual(['0 B', '1023 B', '1.66 MiB', '2.00 GiB']);
  });
});

describe('closest', () => {
  it('finds the word a few edits away, or none', () => {
    expect(closest('ap.hrad', ['ap.easy', 'ap.hard'])).toBe('ap.hard');
    expect(closest('zzzzzz', ['ap.easy', 'ap.hard'])).toBeUndefined();
  });
});
