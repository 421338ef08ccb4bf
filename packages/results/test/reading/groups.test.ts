import { describe, expect, it } from 'vitest';
import { assertRecord, type GroupRates, type ResultRecord } from '../../src/index.js';
import { validRecord } from '../support/valid-record.js';

const rates: GroupRates = {
  ...{ templates: 3, subjects: 2, genuine: 10, impostors: 20 },
  at: { '1e-3': { misses: 1, fnmr: 0.1, fnmrInterval: [0, 0.3], falseMatches: 2, fmr: 0.1 } },
};

const { tar: _, ...base } = validRecord;

const withRates = (group: GroupRates): ResultRecord => ({
  ...base,
  kind: 'ijbc-verification',
  metrics: { 'pairs.genuine': 12, 'pairs.impostor': 30 },
  groups: { gender: { f: group } },
});

describe('groups of a verification record', () => {
  it('are valid where rates are counts over pairs', () => {
    expect(() => assertRecord(withRates(rates), 'r.json')).not.toThrow();
  });

  it.each<[string, GroupRates, string]>([
    ['a rate that is not its count over its pairs', { ...rates, genuine: 11 }, 'groups.gender.f.at.1e-3.fnmr'],
    ['more pairs than there are', { ...rates, impostors: 31 }, 'at most 30 impostor pairs'],
    [
      'an interval without its rate',
      { ...rates, at: { '1e-3': { ...rates.at['1e-3'], fnmrInterval: [0.2, 0.3] } } },
      'fnmrInterval',
    ],
    ['a count without its rate', { ...rates, at: { '1e-3': { misses: 1 } } }, 'a rate with its count, or neither'],
  ])('are refused with %s', (_, group, message) => {
    expect(() => assertRecord(withRates(group), 'r.json')).toThrow(message);
  });
});
