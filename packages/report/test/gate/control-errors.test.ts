import { seededRandom } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { parseGateConfig } from '../../src/gate/config.js';
import { controlErrors } from '../../src/gate/control-errors.js';
import { evaluateGate } from '../../src/gate/evaluate.js';
import { gateToMarkdown } from '../../src/gate/github.js';
import type { GateResult } from '../../src/gate/result.js';
import { widerRecord } from '../synthetic.js';

/** A failed test of a drop of 0.01 with this two-sided p-value. */
const failed = (pValue: number, level: GateResult['level'] = 'error'): GateResult => ({
  rule: 'ap.hard',
  check: 'maxDrop',
  level,
  verdict: level === 'error' ? 'fail' : 'warn',
  expected: '',
  actual: '',
  values: { difference: -0.02, maxDrop: 0.01, pValue },
  message: 'Dropped.',
});
const passed: GateResult = {
  ...failed(0.9),
  verdict: 'pass',
  values: { difference: 0.01, maxDrop: 0.01, pValue: 0.001 },
};

describe('controlErrors', () => {
  it('leaves a single test as it is', () => {
    expect(controlErrors([failed(0.04)])).toEqual([failed(0.04)]);
  });

  it('keeps a failure that is certain among all tests, and opens one that is not', () => {
    // Holm: 0.01 x 3 = 0.03; 0.03 x 2 = 0.06; the third is on the other side of its tolerance.
    const [certain, open, other] = controlErrors([failed(0.01), failed(0.03), passed]);
    expect([certain.verdict, open.verdict, other.verdict]).toEqual(['fail', 'inconclusive', 'pass']);
    expect([certain, open, other].map(({ values }) => values.pAdjusted)).toEqual([
      expect.closeTo(0.03, 12),
      expect.closeTo(0.06, 12),
      1,
    ]);
    expect(open.message).toMatch(/By itself it would fail, but p = 0\.06 among the 3 tests of this gate \(Holm\)/);
  });

  it('leaves alone what is no test', () => {
    const floor: GateResult = { ...failed(0), check: 'min', values: { record: 0.5, min: 0.7 } };
    expect(controlErrors([floor, failed(0.001), failed(0.9)])[0]).toEqual(floor);
  });

  it('fails by chance in at most 5 % of tables of six tests at the bound, where single tests do in 14 %', () => {
    // Of a p-value of both sides half is a drop: 1 - 0.975^6 = 0.141.
    const random = seededRandom(6);
    let alone = 0;
    let together = 0;
    for (let table = 0; table < 2000; table++) {
      const results = Array.from({ length: 6 }, () => {
        const test = failed(random());
        const drops = random() < 0.5;
        const fails = drops && test.values.pValue < 0.05;
        return {
          ...test,
          verdict: fails ? ('fail' as const) : ('pass' as const),
          values: { ...test.values, difference: drops ? -0.02 : 0 },
        };
      });
      if (results.some(({ verdict }) => verdict === 'fail')) alone++;
      if (controlErrors(results).some(({ verdict }) => verdict === 'fail')) together++;
    }
    expect(alone / 2000).toBeGreaterThan(0.11);
    expect(together / 2000).toBeLessThan(0.05);
  });
});

describe('a gate of several rules', () => {
  it('says how many tests it makes and that their errors are controlled', () => {
    const config = parseGateConfig(JSON.stringify({ 'ap.easy': 'error', 'ap.hard': 'error' }), 'gates.json');
    const pair = () => ({ difference: -0.005, interval: [-0.0075, -0.0021] as const, pValue: () => 0.04 });
    const report = evaluateGate(widerRecord(0.74), widerRecord(0.735), config, pair);
    expect(report).toMatchObject({ verdict: 'inconclusive', exitCode: 0, tests: 2 });
    expect(gateToMarkdown(report)).toMatch(/2 tests of a drop, false failures of all together at most 5 % \(Holm\)/);
  });
});
