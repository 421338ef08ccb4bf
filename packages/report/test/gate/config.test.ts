import { ProtocolError } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { defaultGateConfig, parseGateConfig } from '../../src/gate/config.js';

const parse = (value: unknown) => parseGateConfig(JSON.stringify(value), 'gates.json');

describe('parseGateConfig', () => {
  it('reads [level, options], as eslint does', () => {
    const { rules } = parse({ 'ap.hard': ['error', { maxDrop: 0.01 }], 'latency.infer': 'warn' });
    expect(rules.map(({ key, level, options }) => ({ key, level, options }))).toEqual([
      { key: 'ap.hard', level: 'error', options: { maxDrop: 0.01 } },
      { key: 'latency.infer', level: 'warn', options: { maxIncrease: 0.05 } },
    ]);
  });

  it('reads the same rules under `rules`', () => {
    const { rules } = parse({ rules: { 'ap.hard': 'error' }, allow: ['machine'] });
    expect(rules.map(({ key }) => key)).toEqual(['ap.hard']);
  });

  it('leaves out a rule that is off', () => {
    expect(parse({ 'ap.hard': 'off', 'ap.easy': 'warn' }).rules.map(({ key }) => key)).toEqual(['ap.easy']);
  });

  it.each([
    [{ 'ap.hrad': 'error' }, /gates\.json: ap\.hrad: no such rule.*did you mean ap\.hard\?/],
    [{ ap: 'error' }, /ap: no such rule/],
    [{ 'ap.hard': ['error', { maxdrop: 0.1 }] }, /ap\.hard: maxdrop: expected no such property.*min, maxDrop/],
    [{ 'ap.hard': ['error', { maxDrop: -1 }] }, /maxDrop: expected at least 0, got -1/],
    [{ 'ap.hard': ['error', { maxDrop: '0.1' }] }, /maxDrop: expected number/],
    [{ 'ap.hard': ['error', {}] }, /nothing would be checked/],
    [{ 'ap.hard': ['error', { min: 0.5 }, 1] }, /expected \[level, options\], got a list of 3/],
    [{ 'ap.hard': 'fatal' }, /expected a level.*got "fatal"/],
    [{ 'ap.hard': [] }, /expected a level/],
    [{ 'latency.total': ['error', { maxMs: 5 }] }, /maxMs: expected no such property/],
    [{ allow: ['protocols'] }, /allow\[0\]: expected one of "protocol", "dataset", "machine", got "protocols"/],
    [{ allow: 'machine' }, /allow: expected array, got "machine"/],
    [{ inconclusive: 'error' }, /inconclusive: expected one of "warn", "fail", got "error"/],
    [{ rules: { 'ap.hard': 'error' }, 'ap.hard': 'warn' }, /given twice/],
    [{ rules: [] }, /rules: expected object, got an array of 0/],
    [[], /^gates\.json: not a gate configuration: the value: expected object, got an array of 0; see docs\/gates\.md/],
    [null, /expected object, got null/],
  ])('rejects %j', (value, message) => {
    expect(() => parse(value)).toThrow(message);
    expect(() => parse(value)).toThrow(ProtocolError);
  });

  it('names the file when the text is not JSON', () => {
    expect(() => parseGateConfig('{', 'gates.json')).toThrow(/gates\.json: expected a gate configuration as JSON/);
  });

  it.each([
    ['a rule', '{"ap.hard": ["error", {"maxDrop": 0.002}],\n"ap.hard": "off"}', /"ap\.hard" appears twice .* line 2/],
    ['an option', '{"ap.hard": ["error", {"maxDrop": 0.002, "maxDrop": 1}]}', /"maxDrop" appears twice/],
    [
      'a setting',
      '{"ap.hard": "error", "inconclusive": "fail", "inconclusive": "warn"}',
      /"inconclusive" appears twice/,
    ],
    ['the rules', '{"rules": {"ap.hard": "error"}, "rules": {"ap.easy": "warn"}}', /"rules" appears twice/],
  ])('refuses %s that is given twice: the last would decide in silence', (_, json, message) => {
    expect(() => parseGateConfig(json, 'gates.json')).toThrow(ProtocolError);
    expect(() => parseGateConfig(json, 'gates.json')).toThrow(message);
  });

  it('takes __proto__ for an unknown rule', () => {
    expect(() => parseGateConfig('{"__proto__": "off"}', 'gates.json')).toThrow(/__proto__: no such rule/);
  });
});

describe('defaultGateConfig', () => {
  it('rules on each number that a record can have', () => {
    expect(defaultGateConfig().rules.map(({ key }) => key)).toEqual([
      'ap.easy',
      'ap.medium',
      'ap.hard',
      'detection.ap',
      'detection.ap50',
      'detection.f1',
      'landmarks.nme',
      'landmarks.errorPx',
      'landmarks.missed',
      'folds.accuracy',
      'tar.1e-4',
      'tar.1e-3',
      'rank.1',
      'tpir.0.01',
      'latency.total',
      'latency.total.mean',
      'latency.total.p95',
      'start.load',
      'start.firstRun',
      'faces.found',
      'memory.peak',
      'size.bytes',
    ]);
  });
});
