import type { ResultRecord, TideAnalysis } from '@retinabench/results';
import { describe, expect, it } from 'vitest';
import { compareRecords } from '../../src/compare/compare-records.js';
import { parseGateConfig } from '../../src/gate/config.js';
import { evaluateGate } from '../../src/gate/evaluate.js';
import { widerRecord } from '../synthetic.js';

/** A record in which missed faces cost `missed` of AP, and `draws` in four draws of 1,000 images. */
function withMissed(missed: number, draws: readonly number[], more: Partial<TideAnalysis> = {}): ResultRecord {
  const lost = {
    ...{ localisation: 0.1, both: 0, duplicate: 0, background: 0.05 },
    ...{ missed, falsePositive: 0.1, falseNegative: 0.2 },
  };
  const none = Object.fromEntries(Object.keys(lost).map((type) => [type, draws])) as NonNullable<TideAnalysis['draws']>;
  const tide: TideAnalysis = {
    rule: 'clean',
    foreground: 0.5,
    background: 0.1,
    faces: 10,
    ap: 0.7,
    lost,
    counts: {
      ...{ hits: 8, localisation: 3, both: 0, duplicate: 1, background: 4, missed: 1 },
      ...{ ignored: 0, falsePositives: 8, falseNegatives: 2 },
    },
    resampling: { unit: 'images', resamples: draws.length, seed: 0 },
    draws: none,
    ...more,
  };
  return widerRecord(0.7, { tide, dataset: { name: 'wider', split: 'val', images: 1000, sha256: 'a'.repeat(64) } });
}

const config = parseGateConfig(JSON.stringify({ 'tide.missed': ['error', { maxRise: 0.005 }] }), 'gates.json');
const gate = (before: ResultRecord, after: ResultRecord) => evaluateGate(before, after, config, () => undefined);
const base = [0.02, 0.021, 0.019, 0.022, 0.018];
const raised = (by: number): number[] => base.map((value, draw) => value + by + (draw % 2 === 0 ? 0.0002 : -0.0002));

describe('gate rules on errors', () => {
  it('fail where the paired interval of the rise lies above the tolerance, though single draws scatter as widely', () => {
    const report = gate(withMissed(0.02, base), withMissed(0.03, raised(0.01)));
    expect(report).toMatchObject({ verdict: 'fail', exitCode: 1 });
    expect(report.results[0]).toMatchObject({
      rule: 'tide.missed',
      check: 'maxRise',
      expected: 'a rise of at most 0.5 points',
      message: expect.stringMatching(
        /has risen by more than the tolerance \(paired bootstrap over 1000 images, 5 draws/,
      ),
    });
    expect(report.results[0].values.low).toBeGreaterThan(0.005);
  });

  it('pass a fall, and a rise within the tolerance', () => {
    expect(gate(withMissed(0.02, base), withMissed(0.01, raised(-0.01))).verdict).toBe('pass');
    expect(gate(withMissed(0.02, base), withMissed(0.0203, raised(0.0003))).verdict).toBe('pass');
  });

  it('pass two identical runs', () => {
    const report = gate(withMissed(0.02, base), withMissed(0.02, base));
    expect(report.results[0]).toMatchObject({ verdict: 'pass', values: { differing: 0 } });
  });

  it('are open where the interval holds the tolerance, and say so of a rise', () => {
    const noisy = base.map((value, draw) => value + 0.006 + 0.004 * (draw - 2));
    const report = gate(withMissed(0.02, base), withMissed(0.026, noisy));
    expect(report.results[0]).toMatchObject({ verdict: 'inconclusive' });
    expect(report.results[0].message).toMatch(/may have risen .* a rise above/);
  });

  it('fall back on both intervals where the images were drawn with other seeds', () => {
    const lost = Object.fromEntries(
      ['localisation', 'both', 'duplicate', 'background', 'missed', 'falsePositive', 'falseNegative'].map((type) => [
        type,
        [0, 1],
      ]),
    ) as unknown as NonNullable<TideAnalysis['interval']>['lost'];
    const wide = { interval: { ap: [0.6, 0.8], lost } } as const;
    const other = { ...wide, resampling: { unit: 'images', resamples: 5, seed: 1 } } as const;
    const report = gate(withMissed(0.02, base, wide), withMissed(0.03, raised(0.01), other));
    expect(report.results[0].message).toMatch(/taken as independent/);
    expect(report.results[0].verdict).toBe('inconclusive');
  });

  it('say what is missing where a record has no errors, and are not asked for by default', () => {
    expect(gate(withMissed(0.02, base), widerRecord(0.7)).results[0]).toMatchObject({ check: 'present' });
  });
});

describe('compareRecords', () => {
  it('marks errors that cost more as worse', () => {
    const numbers = compareRecords(withMissed(0.02, base), withMissed(0.03, raised(0.01)), () => undefined);
    expect(numbers.find(({ key }) => key === 'tide.missed')).toMatchObject({ mark: 'worse' });
  });
});
