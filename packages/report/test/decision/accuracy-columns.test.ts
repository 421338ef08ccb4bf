import { describe, expect, it } from 'vitest';
import { accuracyColumns, caveatOfColumn } from '../../src/decision/accuracy-columns.js';
import { syntheticRecord } from '../synthetic.js';

const point = { tar: 0.8333, achievedFar: 0, threshold: -1.15, impostors: 0 };
const headings = (...records: ReturnType<typeof syntheticRecord>[]): string[] =>
  accuracyColumns('ijbc-verification', records).map(({ heading }) => heading);

describe('accuracyColumns', () => {
  const few = { '1e-6': { ...point, unresolved: true as const }, '1e-4': { ...point, unresolved: true as const } };
  const many = { '1e-6': { ...point, unresolved: true as const }, '1e-4': { ...point, impostors: 1_565 } };

  it('gives a verification in folds its accuracy alone, where too few pairs decide every TAR', () => {
    const folds = syntheticRecord({ kind: 'ijbc-verification', tar: few, metrics: { 'folds.accuracy': 0.8917 } });
    expect(headings(folds)).toEqual(['Accuracy']);
  });

  it('leaves out a TAR that too few pairs decide in all records, and decides by the accuracy of folds', () => {
    const folds = syntheticRecord({ kind: 'ijbc-verification', tar: many, metrics: { 'folds.accuracy': 0.8917 } });
    expect(headings(folds)).toEqual(['TAR at 1e-4', 'Accuracy']);
    // Ten million pairs in another record: then the column stands, and says so of the first.
    const sure = syntheticRecord({ kind: 'ijbc-verification', tar: { '1e-6': { ...point, impostors: 16 } } });
    expect(headings(folds, sure)).toEqual(['TAR at 1e-6', 'TAR at 1e-4', 'Accuracy']);
    expect([folds, sure].map((record) => caveatOfColumn(record, 'tar.1e-6'))).toEqual(['too few pairs', undefined]);
  });

  it('keeps the number that decides where none is certain', () => {
    const record = syntheticRecord({ kind: 'ijbc-verification', tar: few });
    expect(headings(record)).toEqual(['TAR at 1e-4']);
    expect(caveatOfColumn(record, 'tar.1e-4')).toBe('too few pairs');
  });
});
