import { describe, expect, it } from 'vitest';
import { tieBounds } from '../../src/operating/tie-bounds.js';

describe('tieBounds', () => {
  it('gives AP with false positives first and with faces first among equal scores', () => {
    // Two faces; all four at one score: hit, wrong, hit, ignored.
    const { low, high, tied } = tieBounds(Uint8Array.of(1, 0, 1, 2), Float64Array.of(0.5, 0.5, 0.5, 0.5), 2);
    expect(tied).toBe(1);
    expect(high).toBe(1);
    // Wrong first: precision 1/2, 2/3; the envelope is 2/3 everywhere.
    expect(low).toBeCloseTo(2 / 3, 12);
  });

  it('is one value where all scores differ', () => {
    const { low, high, tied } = tieBounds(Uint8Array.of(1, 0, 1), Float64Array.of(0.9, 0.8, 0.7), 2);
    expect([high - low, tied]).toEqual([0, 0]);
    expect(low).toBeCloseTo((51 + (50 * 2) / 3) / 101, 12);
  });
});
