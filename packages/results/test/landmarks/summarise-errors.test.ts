import { ProtocolError } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { cumulativeErrors } from '../../src/landmarks/cumulative-errors.js';
import { summariseErrors } from '../../src/landmarks/summarise-errors.js';

describe('summariseErrors(errors, thresholds)', () => {
  it('a missed face counts in failure rate and area and not in the mean', () => {
    // Mean (0.02 + 0.06 + 0.1) / 3 = 0.06; at 0.1 the missed one alone fails, for 0.1 is not above 0.1.
    // Area at 0.1: (0.08 + 0.04 + 0 + 0) / 4 / 0.1 = 0.3.
    expect(summariseErrors(Float64Array.from([0.02, 0.06, 0.1, Infinity]), [0.1, 0.05])).toEqual({
      faces: 4,
      missed: 1,
      nme: expect.closeTo(0.06, 12),
      median: 0.06,
      deviation: expect.closeTo(Math.sqrt((0.04 ** 2 + 0.04 ** 2) / 3), 12),
      failureRate: { '0.1': 0.25, '0.05': 0.75 },
      auc: { '0.1': expect.closeTo(0.3, 12), '0.05': expect.closeTo(0.03 / 4 / 0.05, 12) },
    });
  });

  it('has no mean where every face is missed, and refuses where there is no face', () => {
    expect(summariseErrors(Float64Array.from([Infinity]), [0.1])).toEqual({
      faces: 1,
      missed: 1,
      failureRate: { '0.1': 1 },
      auc: { '0.1': 0 },
    });
    expect(() => summariseErrors(new Float64Array(0), [0.1])).toThrow(/at least one face, got none/);
  });

  it('an area is at most 1, though the sum of 507 thresholds is rounded upwards', () => {
    // 0.1 + 0.1 + ... 507 times is 50.70000000000045.
    expect(summariseErrors(new Float64Array(507), [0.1]).auc).toEqual({ '0.1': 1 });
  });

  it('refuses a threshold of 0', () => {
    expect(() => summariseErrors(Float64Array.from([0.1]), [0])).toThrow(ProtocolError);
  });
});

describe('cumulativeErrors(errors, limit, steps)', () => {
  it('is the share of faces up to each error, and no share includes a missed face', () => {
    const { error, share } = cumulativeErrors(Float64Array.from([0.2, 0.5, Infinity, 0.05]), 1, 4);
    expect(error).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(share).toEqual([0, 0.5, 0.75, 0.75, 0.75]);
  });
});
