import type { Resampled } from '@retinabench/results';
import { describe, expect, it } from 'vitest';
import { compareRecords } from '../../src/compare/compare-records.js';
import { parseGateConfig } from '../../src/gate/config.js';
import { evaluateGate } from '../../src/gate/evaluate.js';
import { syntheticRecord } from '../synthetic.js';

/** Draws that go up and down by a point around a TAR, the same for both records, less what the record has lost. */
const draws = (around: number, loss = (_: number) => 0): number[] =>
  Array.from({ length: 100 }, (_, i) => around + (i % 2 === 0 ? 0.01 : -0.01) - loss(i));

function record(tar: number, resampled: Partial<Resampled> & Pick<Resampled, 'draws'>) {
  return syntheticRecord({
    kind: 'ijbc-verification',
    dataset: { name: 'ijbc', images: 4, sha256: 'c'.repeat(64) },
    // An interval of one record alone, a point to either side.
    tar: { '1e-4': { tar, achievedFar: 1e-4, threshold: 0.3, impostors: 8, interval: [tar - 0.02, tar + 0.02] } },
    resampled: { unit: 'subjects', units: 200, deciding: 200, seed: 1, sha256: 'd'.repeat(64), ...resampled },
  });
}

const config = parseGateConfig('{ "tar.1e-4": ["error", { "maxDrop": 0.002 }] }', 'gates.json');
const gate = (baseline: ReturnType<typeof record>, head: ReturnType<typeof record>) =>
  evaluateGate(baseline, head, config, () => undefined);

const baseline = record(0.95, { draws: { 'tar.1e-4': draws(0.95) } });

describe('evaluateGate, TAR of records that were drawn alike', () => {
  it('finds a loss of 2 points that the intervals of the records alone would leave inconclusive', () => {
    // Every draw loses 1.5 or 2.5 points: the deviation of the differences is 0.5, and t of 199 degrees of freedom 1.972.
    const head = record(0.93, { draws: { 'tar.1e-4': draws(0.95, (i) => (i % 4 < 2 ? 0.015 : 0.025)) } });
    const { verdict, exitCode, results } = gate(baseline, head);
    expect({ verdict, exitCode }).toEqual({ verdict: 'fail', exitCode: 1 });
    expect(results[0].values.high).toBeCloseTo(-0.02 + 1.972 * 0.005 * Math.sqrt(100 / 99), 5);
    expect(results[0].message).toContain('paired bootstrap over 200 subjects, 100 draws, 95 %');
    const alone = gate(baseline, record(0.93, { seed: 2, draws: head.resampled?.draws ?? {} }));
    expect(alone.verdict).toBe('inconclusive');
    expect(alone.results[0].message).toContain('not paired: the subjects were drawn with seeds 1 and 2');
  });

  it('passes identical runs, and says what they cannot exclude', () => {
    const { verdict, results } = gate(baseline, record(0.95, { draws: { 'tar.1e-4': draws(0.95) } }));
    expect(verdict).toBe('pass');
    expect(results[0].message).toContain('no draw differs: a change on up to 3 of 200 subjects cannot be excluded');
  });

  it('is inconclusive where the draws of the loss reach back into the tolerance', () => {
    const head = record(0.93, { draws: { 'tar.1e-4': draws(0.95, (i) => (i % 4 < 2 ? 0 : 0.04)) } });
    expect(gate(baseline, head).verdict).toBe('inconclusive');
  });

  it('pairs the draws that both have, and none of other pairs', () => {
    const head = record(0.93, { draws: { 'tar.1e-4': draws(0.95, () => 0.02).slice(0, 40) } });
    expect(gate(baseline, head).results[0].message).toContain('40 draws');
    const other = record(0.93, { sha256: 'e'.repeat(64), draws: head.resampled?.draws ?? {} });
    expect(gate(baseline, other).results[0].message).toContain('not paired: the records are not of the same pairs');
  });
});

describe('compareRecords, TAR of records that were drawn alike', () => {
  it('marks a paired difference whose interval leaves out zero', () => {
    const head = record(0.93, { draws: { 'tar.1e-4': draws(0.95, (i) => (i % 4 < 2 ? 0.015 : 0.025)) } });
    expect(compareRecords(baseline, head, () => undefined)).toMatchObject([
      { key: 'tar.1e-4', mark: 'worse', how: 'paired bootstrap over 200 subjects, 100 draws' },
    ]);
    expect(compareRecords(baseline, baseline, () => undefined)).toMatchObject([{ mark: 'same' }]);
  });
});
