import { ShapeError } from '@retinabench/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { averagePrecision } from '../../src/ap/average-precision.js';

describe('averagePrecision', () => {
  it('sums recall steps times the precision envelope', () => {
    // Precision 1/1, 1/2, 2/3, recall 1/4, 1/4, 2/4: the envelope is 1, 2/3, 2/3.
    // AP = (1/4 - 0) * 1 + 0 * 2/3 + (2/4 - 1/4) * 2/3 = 1/4 + 1/6 = 5/12.
    expect(averagePrecision([1, 2, 3], [1, 1, 2], 4)).toBeCloseTo(5 / 12, 15);
  });

  it('raises precision to the best at any higher recall', () => {
    // Precision 1/3 at recall 1/2, then 2/4 at recall 1: the envelope is 1/2 throughout, AP = 1/2.
    expect(averagePrecision([3, 4], [1, 2], 2)).toBeCloseTo(0.5, 15);
  });

  it('leaves out thresholds without proposals instead of 0/0', () => {
    expect(averagePrecision([0, 0, 1], [0, 0, 1], 1)).toBe(1);
    expect(averagePrecision([0, 0], [0, 0], 5)).toBe(0);
  });

  it('refuses curves of different lengths and zero faces', () => {
    expect(() => averagePrecision([1, 2], [1], 1)).toThrow(ShapeError);
    expect(() => averagePrecision([1], [1], 0)).toThrow(/faces > 0, got 1 proposals, 1 true positives, 0 faces/);
  });

  it('stays in 0..1, is 1 only for perfect curves, and never rises when a false positive is added', () => {
    const steps = fc.array(fc.record({ hits: fc.nat(3), misfires: fc.nat(3) }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(steps, fc.nat(5), fc.nat(29), (added, missed, place) => {
        let found = 0;
        let total = 0;
        const truePositives = added.map(({ hits }) => (found += hits));
        const proposals = added.map(({ hits, misfires }) => (total += hits + misfires));
        const faces = found + missed + 1;
        const ap = averagePrecision(proposals, truePositives, faces);
        expect(ap).toBeGreaterThanOrEqual(0);
        expect(ap).toBeLessThanOrEqual(1);
        const worse = proposals.map((count, t) => (t >= place ? count + 1 : count));
        expect(averagePrecision(worse, truePositives, faces)).toBeLessThanOrEqual(ap + 1e-12);
      }),
      { seed: 1 },
    );
  });
});
