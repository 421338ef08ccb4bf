import { describe, expect, it } from 'vitest';
import { decodeBits } from '../../src/folds/pair-bits.js';
import { encodeBits, foldDifference, type ResultRecord } from '../../src/index.js';
import { validRecord } from '../support/valid-record.js';

describe('encodeBits(bits)', () => {
  it('is base64 of bytes from the lowest bit on, and decodeBits gives the bits back', () => {
    // 1, 0, 1 is the byte 5, whose base64 is BQ.
    expect(encodeBits(Uint8Array.of(1, 0, 1))).toBe('BQ');
    for (const count of [0, 1, 7, 8, 9, 16, 17, 24, 25, 600]) {
      const bits = Uint8Array.from({ length: count }, (_, i) => (i * i + (i >> 2)) % 2);
      const text = encodeBits(bits);
      const bytes = Buffer.alloc(Math.ceil(count / 8));
      bits.forEach((bit, i) => {
        bytes[i >> 3] |= bit << (i & 7);
      });
      expect(text).toBe(bytes.toString('base64').replaceAll('=', ''));
      expect(decodeBits(text, count)).toEqual(bits);
    }
    expect(decodeBits('BQ', 9)).toBeUndefined();
    expect(decodeBits('B*', 3)).toBeUndefined();
  });
});

function record(accuracies: readonly number[], correct: readonly number[]): ResultRecord {
  return {
    ...validRecord,
    kind: 'ijbc-verification',
    metrics: Object.fromEntries(accuracies.map((accuracy, fold) => [`fold${fold + 1}.accuracy`, accuracy])),
    folds: { pairs: correct.length, correct: encodeBits(Uint8Array.from(correct)) },
  };
}

describe('foldDifference(baseline, record, name)', () => {
  it('is the mean of the differences of the folds with an interval by their spread', () => {
    // Differences 0.1, 0, 0.1, 0: mean 0.05, sample deviation 0.057735, standard error 0.0288675; t(0.975, 3) = 3.18245.
    const was = record([0.5, 0.6, 0.7, 0.8], [1, 1, 0, 0, 1, 0, 1, 1]);
    const is = record([0.6, 0.6, 0.8, 0.8], [1, 1, 1, 1, 1, 1, 1, 0]);
    const found = foldDifference(was, is, 'accuracy');
    if (found.kind !== 'paired') throw new Error(found.why);
    expect(found.difference).toBeCloseTo(0.05, 12);
    expect(found.interval[0]).toBeCloseTo(0.05 - 3.18245 * 0.0288675, 5);
    expect(found.differing).toBe(2);
    // Three pairs got better and one worse: 2 x (1 + 4) / 16 = 0.625.
    expect(found.pairs).toMatchObject({ count: 8, baselineOnly: 1, candidateOnly: 3 });
    expect(found.pairs?.pValue).toBeCloseTo(0.625, 9);
  });

  it('has no p-value where no fold differs, and says why other folds are not paired', () => {
    const same = record([0.5, 0.6], [1, 0]);
    expect(foldDifference(same, same, 'accuracy')).toMatchObject({ difference: 0, differing: 0, pairs: { pValue: 1 } });
    expect(foldDifference(same, record([0.5, 0.6, 0.7], [1, 0]), 'accuracy')).toEqual({
      kind: 'not paired',
      why: 'the records have 2 and 3 folds',
    });
  });
});
