import { cumulativeErrors, type LandmarkImage, type ResultRecord, summariseErrors } from '@retinabench/results';
import { describe, expect, it } from 'vitest';
import { compareRecords } from '../../src/compare/compare-records.js';
import { pairedApDifferences } from '../../src/difference/paired-ap.js';
import { defaultGateConfig, parseGateConfig } from '../../src/gate/config.js';
import { evaluateGate } from '../../src/gate/evaluate.js';
import { syntheticRecord } from '../synthetic.js';

function landmarkRecord(images: readonly LandmarkImage[], normaliser = 'box'): ResultRecord {
  const errors = Float64Array.from(
    images.flatMap((image) => image.errors),
    (error) => (error < 0 ? Infinity : error),
  );
  const matched = errors.filter(Number.isFinite);
  return syntheticRecord({
    kind: 'landmarks',
    settings: { task: 'landmarks', normaliser },
    dataset: { name: 'faces', images: images.length, sha256: 'e'.repeat(64) },
    landmarks: {
      ...{ withoutPoints: 0, withoutLength: 0, unmatched: 0, incomplete: 0, perPoint: [] },
      matchedOnly: summariseErrors(matched, [0.1]),
      missesAsFailures: summariseErrors(errors, [0.1]),
      nmeWithMissesAsOne: errors.reduce((sum, error) => sum + Math.min(error, 1), 0) / errors.length,
      ced: cumulativeErrors(errors, 0.15, 3),
      images,
    },
  });
}

const faces = Array.from({ length: 200 }, (_, i) => ({ name: `${i}.jpg`, errors: [0.03 + (i % 9) / 200] }));
const baseline = landmarkRecord(faces);
const moved = (by: (i: number) => number): ResultRecord =>
  landmarkRecord(faces.map(({ name, errors }, i) => ({ name, errors: errors.map((error) => error + by(i)) })));

function gate(record: ResultRecord, config = defaultGateConfig()) {
  return evaluateGate(baseline, record, config, pairedApDifferences());
}

describe('landmarks under the gate', () => {
  it('passes an identical run', () => {
    const { verdict, results } = gate(baseline);
    expect(verdict).toBe('pass');
    expect(results.map(({ rule }) => rule)).toEqual(['landmarks.nme', 'landmarks.missed']);
  });

  it('fails an error that has grown by a tenth on every face, by its paired interval', () => {
    // The mean error is 0.03 + 4 / 200 = 0.05 or so; 2 % of it are allowed.
    const { verdict, results } = gate(moved((i) => 0.005 + (i % 2) / 1000));
    expect(verdict).toBe('fail');
    expect(results[0]).toMatchObject({ rule: 'landmarks.nme', check: 'maxIncrease', verdict: 'fail' });
    expect(results[0].message).toMatch(
      /^landmarks\.nme has grown by more than the tolerance \(paired over 200 images, 95 %\)/,
    );
    expect(results[0].values.low).toBeGreaterThan(0.005);
  });

  it('passes an error that has fallen, and one that has grown within the tolerance', () => {
    expect(gate(moved((i) => -0.005 - (i % 2) / 1000)).verdict).toBe('pass');
    expect(gate(moved((i) => 0.0002 + (i % 3) / 1e5)).verdict).toBe('pass');
  });

  it('is inconclusive where the interval reaches from the tolerance to both sides', () => {
    const { results } = gate(moved((i) => (i % 10 === 0 ? 0.02 : -0.0005)));
    expect(results[0]).toMatchObject({ verdict: 'inconclusive' });
    expect(results[0].message).toMatch(/may have grown by more than the tolerance or not: an increase above/);
  });

  it('fails a detector whose error is smaller since it misses the hard faces', () => {
    const lost = landmarkRecord(faces.map((face, i) => (i % 9 === 8 ? { ...face, errors: [-1] } : face)));
    const { verdict, results } = gate(lost);
    expect(results.find(({ rule }) => rule === 'landmarks.nme')?.verdict).toBe('pass');
    expect(results.find(({ rule }) => rule === 'landmarks.missed')?.verdict).toBe('fail');
    expect(verdict).toBe('fail');
  });

  it('rules on ceilings, failure rates and areas by name; another normaliser is not comparable', () => {
    const config = parseGateConfig(
      JSON.stringify({
        'landmarks.nme': ['error', { max: 0.04 }],
        'landmarks.failureRate.0.1': 'error',
        'landmarks.auc.0.1': 'error',
      }),
      'gates.json',
    );
    expect(gate(baseline, config).results.map(({ rule, verdict }) => [rule, verdict])).toEqual([
      ['landmarks.nme', 'fail'],
      ['landmarks.failureRate.0.1', 'pass'],
      ['landmarks.auc.0.1', 'pass'],
    ]);
    const other = landmarkRecord(faces, 'eye-centres');
    expect(gate(other).verdict).toBe('not comparable');
  });

  it('takes as many resamples as are asked for and states them', () => {
    const record = moved((i) => 0.001 * (i % 3));
    const of = (resamples?: number) =>
      evaluateGate(baseline, record, defaultGateConfig(), pairedApDifferences({ resamples })).results[0];
    expect(of(50).message).toContain('50 resamples of the images');
    // The same draws: the default is 1,000 of them, which is not stated.
    expect(of(1000).values).toEqual(of().values);
    expect(of(50).values).not.toEqual(of().values);
    expect(of().message).not.toContain('resamples');
  });

  it('a report marks a smaller error as better and a smaller area as worse', () => {
    const compared = compareRecords(
      baseline,
      moved(() => -0.01),
      pairedApDifferences(),
    );
    expect(compared.find(({ key }) => key === 'landmarks.nme')).toMatchObject({ mark: 'better' });
    const worse = compareRecords(
      baseline,
      moved((i) => 0.01 + (i % 2) / 1e4),
      pairedApDifferences(),
    );
    expect(worse.find(({ key }) => key === 'landmarks.auc.0.1')).toMatchObject({ mark: 'worse' });
  });
});
