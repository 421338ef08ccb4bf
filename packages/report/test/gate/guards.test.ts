import { describe, expect, it } from 'vitest';
import { defaultGateConfig, parseGateConfig } from '../../src/gate/config.js';
import { interleavedRules } from '../../src/gate/guards.js';
import { judgeLatency, sharesOfFalseAlarms } from '../../src/gate/judge-latency.js';

const config = (value: unknown) => parseGateConfig(JSON.stringify(value), 'gates.json');
const levels = (rules: ReturnType<typeof interleavedRules>) => rules.map(({ key, level }) => `${key} ${level}`);

describe('interleavedRules', () => {
  it('guards mean, tail, start, faces and memory beside the total', () => {
    expect(levels(interleavedRules(defaultGateConfig()))).toEqual([
      'latency.total error',
      'latency.total.mean error',
      'latency.total.p95 error',
      'start.load error',
      'start.firstRun error',
      'faces.found error',
      'memory.peak warn',
    ]);
  });

  it('warns of what a configuration leaves out, and leaves out what it switches off', () => {
    const rules = config({ 'latency.infer': 'error', 'start.load': 'error', 'latency.total.mean': 'off' });
    expect(levels(interleavedRules(rules))).toEqual([
      'latency.infer error',
      'start.load error',
      'latency.total.p95 warn',
      'start.firstRun warn',
      'faces.found error',
      'memory.peak warn',
    ]);
  });
});

describe('sharesOfFalseAlarms', () => {
  it('adds up to 1 % over all rules that are tests, whatever there are', () => {
    for (const rules of [interleavedRules(defaultGateConfig()), config({ 'start.load': 'error' }).rules]) {
      const shares = [...sharesOfFalseAlarms(rules).values()];
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(0.01, 12);
    }
  });
});

describe('judgeLatency', () => {
  const [total, , p95] = interleavedRules(defaultGateConfig());
  const base = Array.from({ length: 12 }, (_, i) => 20 + i / 100);
  const plan = { lastLook: 135, falseAlarm: 0.007 };
  const times = (factor: (i: number) => number) => ({ base, head: base.map((ms, i) => ms * factor(i)) });

  it('asks for more pairs where a slowdown of the total is not ruled out, and not where one of the tail is', () => {
    // Ratios of 0.9 and 1.12 in turn: no change, and none that is ruled out.
    const noisy = times((i) => (i % 2 === 0 ? 0.9 : 1.12));
    expect(judgeLatency(total, noisy, plan)).toMatchObject({ decided: false, result: { verdict: 'inconclusive' } });
    const spread = times((i) => (i % 2 === 0 ? 0.5 : 2));
    expect(judgeLatency(p95, spread, plan)).toMatchObject({ decided: true, result: { verdict: 'pass' } });
    expect(judgeLatency(p95, spread, plan)?.result.message).toMatch(/up to \+\d+\.\d % is not ruled out/);
  });

  it('fails a tail that is twice as long, and says nothing of what no command reports', () => {
    const twice = times((i) => 2 + i / 1000);
    // 12 pairs that all are slower have p = 2^-12 = 0.000244; alone and at the last look the rule may spend 0.0006.
    const last = { lastLook: 12, falseAlarm: 0.0006 };
    expect(judgeLatency(p95, twice, last)?.result).toMatchObject({ verdict: 'fail', rule: 'latency.total.p95' });
    expect(judgeLatency(p95, twice, { ...last, lastLook: 135 })?.result.verdict).toBe('inconclusive');
    expect(judgeLatency(p95, undefined, last)).toBeUndefined();
    expect(judgeLatency(total, undefined, last)?.result).toMatchObject({ check: 'present', verdict: 'fail' });
  });
});
