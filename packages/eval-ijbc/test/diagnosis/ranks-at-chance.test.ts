import { describe, expect, it } from 'vitest';
import { diagnoseIdentification } from '../../src/diagnosis/identification.js';
import type { Identification } from '../../src/identify/identify.js';

/** One gallery of 40 entries that 200 mated probes search, `first` of them with their subject first. */
const codesOf = (first: number): string[] => {
  const hits = { '1': first, '5': 200, '10': 200 };
  const gallery = { gallery: 40, mated: 200, nonMated: 5000, tied: 0, hits };
  return diagnoseIdentification({ galleries: [gallery] } as unknown as Identification).map(({ code }) => code);
};

describe('diagnoseIdentification', () => {
  it('names ranks that chance explains: 200 / 40 = 5 hits, and at most 2 sqrt(5) = 4.5 more', () => {
    expect(codesOf(5)).toEqual(['ranks-at-chance']);
    expect(codesOf(9)).toEqual(['ranks-at-chance']);
    expect(codesOf(10)).toEqual([]);
    expect(codesOf(80)).toEqual([]);
  });
});
