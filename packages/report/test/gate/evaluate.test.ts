import { ProtocolError } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import type { PairedDifference } from '../../src/difference/difference-interval.js';
import { defaultGateConfig, type GateConfig, parseGateConfig } from '../../src/gate/config.js';
import { evaluateGate } from '../../src/gate/evaluate.js';
import { gateToAnnotations, gateToMarkdown } from '../../src/gate/github.js';
import { gateToJunit } from '../../src/gate/junit.js';
import { syntheticRecord, widerRecord } from '../synthetic.js';

const config = (value: unknown): GateConfig => parseGateConfig(JSON.stringify(value), 'gates.json');
const unpaired: PairedDifference = () => undefined;
const paired =
  (difference: number, low: number, high: number): PairedDifference =>
  () => ({ difference, interval: [low, high] });
const hardOnly = config({ 'ap.hard': ['error', { maxDrop: 0.002 }] });

describe('evaluateGate', () => {
  it('says before each rule how many are checked', () => {
    const twoRules = config({ 'ap.hard': 'error', 'ap.easy': 'error' });
    const steps: string[] = [];
    evaluateGate(widerRecord(0.74), widerRecord(0.74), twoRules, unpaired, (done, total) =>
      steps.push(`${done} of ${total}`),
    );
    const total = steps.length;
    expect(total).toBeGreaterThanOrEqual(2);
    expect(steps).toEqual(Array.from({ length: total }, (_, done) => `${done} of ${total}`));
  });
});

describe('evaluateGate, drop of AP', () => {
  it('fails if the upper end of the paired interval is below the tolerance', () => {
    // -0.005 with 95 % interval [-0.007, -0.003]: even the upper end, -0.003, is below -0.002.
    const report = evaluateGate(widerRecord(0.74), widerRecord(0.735), hardOnly, paired(-0.005, -0.007, -0.003));
    expect(report).toMatchObject({ verdict: 'fail', exitCode: 1 });
    expect(report.results).toEqual([
      {
        rule: 'ap.hard',
        check: 'maxDrop',
        level: 'error',
        verdict: 'fail',
        expected: 'a drop of at most 0.2 points',
        actual: '74.00 % to 73.50 %, −0.50 [−0.70, −0.30]',
        values: {
          baseline: 0.74,
          record: 0.735,
          difference: -0.005,
          low: -0.007,
          high: -0.003,
          maxDrop: 0.002,
          // 0.003 from the tolerance, where 0.002 are 1.96 standard errors: 2 (1 - Phi(2.94)) = 0.00328.
          pValue: expect.closeTo(0.00328, 5),
        },
        message: 'ap.hard has dropped by more than the tolerance (paired, 95 %).',
      },
    ]);
  });

  it('is inconclusive, and exits 0, if the drop is past the tolerance and its interval is not', () => {
    const report = evaluateGate(widerRecord(0.74), widerRecord(0.735), hardOnly, paired(-0.005, -0.009, -0.001));
    expect(report).toMatchObject({ verdict: 'inconclusive', exitCode: 0 });
  });

  it('fails an inconclusive check where the configuration says so', () => {
    const strict = config({ 'ap.hard': 'error', inconclusive: 'fail' });
    const report = evaluateGate(widerRecord(0.74), widerRecord(0.735), strict, paired(-0.005, -0.009, -0.001));
    expect(report).toMatchObject({ verdict: 'fail', exitCode: 1 });
  });

  it('passes where the interval rules out every loss above the tolerance', () => {
    const report = evaluateGate(widerRecord(0.74), widerRecord(0.739), hardOnly, paired(-0.001, -0.0019, 0.0005));
    expect(report).toMatchObject({ verdict: 'pass', exitCode: 0 });
  });

  it('is inconclusive where a larger loss is not ruled out, and says how many images would decide', () => {
    // 86 images tell 0.71 points apart; the gain of 0.1 and the allowed loss of 0.2 are 0.3 apart: 86 * (0.71 / 0.3)^2 = 482.
    const evidence: PairedDifference = () => ({
      difference: 0.001,
      interval: [-0.004, 0.006],
      sample: { unit: 'images', count: 86, differing: 80, tells: 0.0071 },
      caveat: 'below 200 images a 95 % interval can hold the truth less often than it says',
    });
    const report = evaluateGate(widerRecord(0.74), widerRecord(0.741), hardOnly, evidence);
    expect(report).toMatchObject({ verdict: 'inconclusive', exitCode: 0 });
    expect(report.results[0].message).toBe(
      'ap.hard may have dropped by more than the tolerance or not: a loss above 0.4 points is ruled out, one above 0.2 points is not; 86 images tell a loss of 0.71 points from none, about 490 images would decide; evaluate on more, or allow a larger drop (paired over 86 images, 95 %). Note: below 200 images a 95 % interval can hold the truth less often than it says.',
    );
    expect(report.results[0].values).toMatchObject({ images: 86, differing: 80, tells: 0.0071, needed: 490 });
  });

  it('passes where no image differs, however wide the interval', () => {
    const equal: PairedDifference = () => ({
      difference: 0,
      interval: [-0.03, 0.01],
      sample: { unit: 'images', count: 86, differing: 0, tells: 0.03 },
      caveat: 'no image differs: a change on up to 3/86 (3.49 %) of the images cannot be excluded',
    });
    const report = evaluateGate(widerRecord(0.74), widerRecord(0.74), hardOnly, equal);
    expect(report).toMatchObject({ verdict: 'pass', exitCode: 0 });
    expect(report.results[0].message).toMatch(/no image differs: a change on up to 3\/86 \(3\.49 %\)/);
  });

  it('passes two identical records', () => {
    const report = evaluateGate(widerRecord(0.74), widerRecord(0.74), defaultGateConfig(), paired(0, 0, 0));
    expect(report.verdict).toBe('pass');
    expect(report.results.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass', 'pass']);
  });

  it('decides by the numbers themselves if the records have no per-image data', () => {
    const drop = (hard: number) => evaluateGate(widerRecord(0.74), widerRecord(hard), hardOnly, unpaired).verdict;
    // 0.738 - 0.74 is -0.0020000000000000018 in float64: a drop of exactly the tolerance passes.
    expect([drop(0.7379), drop(0.738), drop(0.75)]).toEqual(['fail', 'pass', 'pass']);
  });

  it('only warns at level warn', () => {
    const report = evaluateGate(widerRecord(0.74), widerRecord(0.7), config({ 'ap.hard': 'warn' }), unpaired);
    expect(report).toMatchObject({ verdict: 'warn', exitCode: 0 });
  });
});

describe('evaluateGate, absolute bounds', () => {
  it('holds AP against a floor beside the drop, one result each', () => {
    const both = config({ 'ap.hard': ['error', { min: 0.75, maxDrop: 0.002 }] });
    const { results } = evaluateGate(widerRecord(0.74), widerRecord(0.74), both, paired(0, 0, 0));
    expect(results.map(({ check, verdict }) => [check, verdict])).toEqual([
      ['min', 'fail'],
      ['maxDrop', 'pass'],
    ]);
  });

  it('holds the model against a ceiling in bytes and a growth', () => {
    const size = config({ 'size.bytes': ['error', { max: 2_000_000, maxIncrease: 0.1 }] });
    const grown = widerRecord(0.74, { model: { id: 'model-a', bytes: 2_100_000 } });
    // 2,100,000 / 1,740,000 = 1.2069: past both bounds.
    const { results } = evaluateGate(widerRecord(0.74), grown, size, unpaired);
    expect(results.map(({ check, verdict }) => [check, verdict])).toEqual([
      ['max', 'fail'],
      ['maxIncrease', 'fail'],
    ]);
    expect(results[1].values.increase).toBeCloseTo(0.206897, 6);
  });
});

describe('evaluateGate, comparability', () => {
  const other = { settings: { rules: 'matlab', scale: 'original' } };

  it('a floor that is held on other images or under another protocol is not held, one that is missed fails', () => {
    const floor = { 'ap.hard': ['error', { min: 0.7 }] };
    const three = { dataset: { name: 'easy ones', split: 'val', images: 3, sha256: 'b'.repeat(64) } };
    const judge = (hard: number, more: Parameters<typeof widerRecord>[1], rules: object = floor) =>
      evaluateGate(widerRecord(0.74), widerRecord(hard, more), config(rules), unpaired);
    expect(judge(0.75, {})).toMatchObject({ verdict: 'pass', exitCode: 0 });
    expect(judge(0.95, three)).toMatchObject({ verdict: 'not comparable', exitCode: 2 });
    expect(judge(0.95, three).results[0].message).toMatch(
      /^ap\.hard holds its bound, under another dataset \(.*images 4 -> 3.*\) than the baseline's; evaluate under/,
    );
    expect(judge(0.95, other)).toMatchObject({ verdict: 'not comparable', exitCode: 2 });
    expect(judge(0.69, three)).toMatchObject({ verdict: 'fail', exitCode: 1 });
    expect(judge(0.95, three, { ...floor, allow: ['dataset'] })).toMatchObject({ verdict: 'warn', exitCode: 0 });
    // What a model weighs depends on neither.
    expect(judge(0.95, three, { 'size.bytes': ['error', { max: 2e6 }] })).toMatchObject({
      verdict: 'pass',
      exitCode: 0,
    });
  });

  it('does not compare another protocol: exit 2, and the floor still counts', () => {
    const rule = config({ 'ap.hard': ['error', { min: 0.7, maxDrop: 0.002 }] });
    const report = evaluateGate(widerRecord(0.74), widerRecord(0.5, other), hardOnly, unpaired);
    expect(report).toMatchObject({ verdict: 'not comparable', exitCode: 2 });
    expect(report.results[0]).toMatchObject({
      expected: 'rules python',
      actual: 'rules matlab',
      differences: [{ setting: 'rules', baseline: 'python', record: 'matlab' }],
      message: expect.stringMatching(
        /^Not comparable \(74\.00 % and 50\.00 %\): another protocol \(rules python -> matlab\); /,
      ),
    });
    expect(evaluateGate(widerRecord(0.74), widerRecord(0.5, other), rule, unpaired)).toMatchObject({
      verdict: 'fail',
      exitCode: 1,
    });
  });

  it('lets another protocol pass where it is allowed', () => {
    const allowing = config({ 'ap.hard': 'error', allow: ['protocol'] });
    const report = evaluateGate(widerRecord(0.74), widerRecord(0.5, other), allowing, unpaired);
    expect(report).toMatchObject({ verdict: 'warn', exitCode: 0 });
    expect(report.results[0]).toMatchObject({ verdict: 'not comparable', allowed: true });
  });

  it('does not compare another data set', () => {
    const dataset = { name: 'wider', split: 'val', images: 4, sha256: 'b'.repeat(64) };
    const report = evaluateGate(widerRecord(0.74), widerRecord(0.74, { dataset }), hardOnly, unpaired);
    expect(report).toMatchObject({ verdict: 'not comparable', exitCode: 2 });
    expect(report.results[0].message).toMatch(/another dataset \(sha256 aaaaaaaaaaaa -> bbbbbbbbbbbb\)/);
  });

  it('compares the same data set under another name', () => {
    const dataset = { name: 'wider-val', split: 'val', images: 4, sha256: 'a'.repeat(64) };
    const report = evaluateGate(widerRecord(0.74), widerRecord(0.74, { dataset }), hardOnly, unpaired);
    expect(report.verdict).toBe('pass');
  });

  it('names every setting that differs, absent ones too, in every form of the report', () => {
    const settings = { rules: 'python', scale: 'long:640', keepTopK: 3 };
    const report = evaluateGate(widerRecord(0.74), widerRecord(0.74, { settings }), hardOnly, unpaired);
    const text = /scale original -(>|&gt;) long:640, keepTopK absent -(>|&gt;) 3/;
    for (const form of [
      JSON.stringify(report),
      gateToJunit(report),
      gateToMarkdown(report),
      gateToAnnotations(report),
    ]) {
      expect(form).toMatch(text);
    }
  });

  it('compares times whose protocols differ in what was found alone, as older versions wrote it', () => {
    const latencyMs = { total: { median: 20, p95: 25, mad: 1, n: 100 } };
    const found = (faces: number) =>
      syntheticRecord({ kind: 'latency', latencyMs, settings: { scoreFloor: 0.02, faces, pinned: 'no' } });
    const rules = config({ 'latency.total': 'error' });
    expect(evaluateGate(found(12), found(11), rules, unpaired).results[0]).toMatchObject({ verdict: 'pass' });
    // A newer record states more: of times that is no difference, of a setting that both state it is one.
    const newer = (scoreFloor: number) =>
      syntheticRecord({
        kind: 'latency',
        latencyMs,
        settings: { scoreFloor, inputMean: [104, 117, 123] },
        environment: { build: '0.2.0+0123456789ab' },
      });
    expect(evaluateGate(found(12), newer(0.02), rules, unpaired).results[0]).toMatchObject({ verdict: 'pass' });
    expect(evaluateGate(newer(0.02), newer(0.5), rules, unpaired).exitCode).toBe(2);
    expect(evaluateGate(found(12), newer(0.5), rules, unpaired).exitCode).toBe(2);
  });

  it('compares AP across machines, but not times', () => {
    const latencyMs = { total: { median: 20, p95: 25, mad: 1, n: 100 } };
    const rules = config({ 'ap.hard': 'error', 'latency.total': 'error' });
    const here = widerRecord(0.74, { latencyMs });
    const there = widerRecord(0.74, { latencyMs, environment: { cpu: 'Test CPU 2' } });
    const { results } = evaluateGate(here, there, rules, paired(0, 0, 0));
    expect(results.map(({ verdict }) => verdict)).toEqual(['pass', 'not comparable']);
  });
});

describe('evaluateGate, latency', () => {
  it('never fails on times of different runs', () => {
    const latency = (median: number) =>
      syntheticRecord({ kind: 'latency', latencyMs: { total: { median, p95: median, mad: 1, n: 50 } } });
    const rule = config({ 'latency.total': 'error' });
    expect(evaluateGate(latency(20), latency(40), rule, unpaired)).toMatchObject({
      verdict: 'inconclusive',
      exitCode: 0,
    });
    expect(evaluateGate(latency(20), latency(20.5), rule, unpaired).verdict).toBe('pass');
  });
});

describe('evaluateGate, another data set', () => {
  it('states a digest of the ground truth that is the digest of the data set once', () => {
    const at = (digit: string, groundTruthSha256: string) => ({
      ...widerRecord(0.74),
      dataset: { name: 'd', images: 3, sha256: digit.repeat(64), groundTruthSha256 },
    });
    const settings = (record: ReturnType<typeof at>) =>
      evaluateGate(at('a', 'a'.repeat(64)), record, defaultGateConfig(), unpaired)
        .results.find(({ rule }) => rule === 'ap.hard')
        ?.differences?.map(({ setting }) => setting);
    expect(settings(at('b', 'b'.repeat(64)))).toEqual(['sha256']);
    expect(settings(at('b', 'c'.repeat(64)))).toEqual(['sha256', 'groundTruthSha256']);
  });
});

describe('evaluateGate, times of two records', () => {
  const timed = (median: number) =>
    syntheticRecord({ kind: 'latency', latencyMs: { total: { median, p95: median + 1, mad: 1, n: 50 } } });

  it.each([
    [20.4, 'pass', /Note: times of two runs rule no slowdown out; retinabench gate --latency/],
    [30, 'inconclusive', /decide nothing; run retinabench gate --latency/],
  ])('from 20 ms to %d ms is %s, and says that two runs prove nothing', (after, verdict, message) => {
    const { results } = evaluateGate(timed(20), timed(after), defaultGateConfig(), unpaired);
    expect(results.find(({ rule }) => rule === 'latency.total')).toMatchObject({
      verdict,
      message: expect.stringMatching(message),
    });
  });
});

describe('evaluateGate, faces found', () => {
  const timed = (faces: number) =>
    syntheticRecord({
      kind: 'latency',
      latencyMs: { total: { median: 20, p95: 21, mad: 1, n: 50 } },
      metrics: { faces },
    });
  const judge = (before: number, after: number, rules = defaultGateConfig()) => {
    const report = evaluateGate(timed(before), timed(after), rules, unpaired);
    return [report.exitCode, report.results.find(({ rule }) => rule === 'faces.found')?.verdict];
  };

  it('fails a head that finds none, or fewer than half, and tells any other difference', () => {
    expect(judge(16, 16)).toEqual([0, 'pass']);
    expect(judge(16, 15)).toEqual([0, 'warn']);
    expect(judge(16, 8)).toEqual([0, 'warn']);
    expect(judge(16, 7)).toEqual([1, 'fail']);
    expect(judge(16, 0)).toEqual([1, 'fail']);
    expect(judge(0, 0)).toEqual([0, 'warn']);
  });

  it('stands beside any rule on times, where it only fails a head that finds none', () => {
    const rules = config({ 'latency.total': ['error', { maxIncrease: 100 }] });
    expect(judge(16, 1, rules)).toEqual([0, 'warn']);
    expect(judge(16, 0, rules)).toEqual([1, 'fail']);
    expect(judge(16, 0, config({ 'latency.total': 'error', 'faces.found': 'off' }))).toEqual([0, undefined]);
    const { results } = evaluateGate(timed(16), timed(0), rules, unpaired);
    expect(results.at(-1)?.message).toMatch(/finds nothing \(16 faces in the base, 0 faces in the head\)/);
  });
});

describe('evaluateGate, TAR', () => {
  const tarRecord = (tar: number, interval?: [number, number]) =>
    syntheticRecord({
      kind: 'ijbc-verification',
      dataset: { name: 'lfw', images: 1147, sha256: 'c'.repeat(64) },
      tar: {
        '1e-4': { tar, achievedFar: 1e-4, threshold: 0.3, impostors: 8, ...(interval ? { interval } : {}) },
      },
    });
  const rule = config({ 'tar.1e-4': ['error', { maxDrop: 0.01 }] });

  it('adds the half-widths of the two intervals in quadrature', () => {
    // 0.96 [0.94, 0.98] to 0.90 [0.88, 0.92]: difference -0.06, half-width sqrt(0.02^2 + 0.02^2) = 0.028284.
    const report = evaluateGate(tarRecord(0.96, [0.94, 0.98]), tarRecord(0.9, [0.88, 0.92]), rule, unpaired);
    expect(report.verdict).toBe('fail');
    expect(report.results[0].values.low).toBeCloseTo(-0.088284, 6);
    expect(report.results[0].values.high).toBeCloseTo(-0.031716, 6);
  });

  it('is inconclusive where the intervals cannot tell', () => {
    const report = evaluateGate(tarRecord(0.96, [0.94, 0.98]), tarRecord(0.94, [0.92, 0.96]), rule, unpaired);
    expect(report.verdict).toBe('inconclusive');
  });
});

describe('evaluateGate, what is missing', () => {
  it('fails a rule that the user named and the record has no number for', () => {
    const report = evaluateGate(widerRecord(0.74), widerRecord(0.74), config({ 'tar.1e-4': 'error' }), unpaired);
    expect(report).toMatchObject({ verdict: 'fail', exitCode: 1 });
    expect(report.results[0]).toMatchObject({ check: 'present', expected: 'a value of tar.1e-4' });
  });

  it('does not compare with a baseline that lacks the number', () => {
    const bare = syntheticRecord({ kind: 'wider' });
    expect(evaluateGate(bare, widerRecord(0.74), hardOnly, unpaired).verdict).toBe('not comparable');
  });

  it('refuses to pass when no rule applies', () => {
    const bare = syntheticRecord({ kind: 'parity' });
    expect(() => evaluateGate(bare, bare, defaultGateConfig(), unpaired)).toThrow(ProtocolError);
  });
});
