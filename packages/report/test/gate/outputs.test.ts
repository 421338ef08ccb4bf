import { describe, expect, it } from 'vitest';
import { parseGateConfig } from '../../src/gate/config.js';
import { evaluateGate } from '../../src/gate/evaluate.js';
import { gateToAnnotations, gateToMarkdown } from '../../src/gate/github.js';
import { gateToJunit } from '../../src/gate/junit.js';
import { widerRecord } from '../synthetic.js';

const config = parseGateConfig(
  JSON.stringify({ 'ap.hard': 'error', 'ap.easy': 'error', 'size.bytes': ['warn', { max: 1 }] }),
  'gates.json',
);
const hostile = '</failure>]]> "|\n::error::& \u0001@team [x](http://e)';
const report = evaluateGate(
  widerRecord(0.74, { model: { id: hostile, bytes: 5 } }),
  widerRecord(0.7, { model: { id: hostile, bytes: 5 } }),
  config,
  () => undefined,
);

describe('gateToJunit', () => {
  const xml = gateToJunit(report);

  it('counts one test case a check and one failure a failed check', () => {
    expect(xml).toContain('tests="3" failures="1" errors="0"');
    expect(xml.match(/<testcase /g)).toHaveLength(3);
    expect(xml).toContain('<failure type="fail" message="ap.hard has dropped');
    expect(xml).toContain('<system-out>warn: size.bytes is above its ceiling.');
  });

  it('holds hostile names as text and nothing that XML 1.0 forbids', () => {
    expect(xml).not.toContain('</failure>]]&gt; "');
    expect(xml).toContain('&lt;/failure&gt;]]&gt; &quot;|');
    expect([...xml].every((character) => character >= ' ' || character === '\n')).toBe(true);
  });
});

describe('gateToMarkdown', () => {
  it('is a table whose cells names cannot leave', () => {
    const lines = gateToMarkdown(report).trimEnd().split('\n');
    expect(lines[0]).toBe('### ❌ Gate: fail');
    expect(lines[2]).toContain('&lt;/failure&gt;');
    expect(lines[2]).toContain('\\[x\\]');
    expect(lines[2]).not.toContain('@team');
    for (const row of lines.slice(5)) expect(row.match(/(?<!\\)\|/g)).toHaveLength(6);
  });
});

describe('gateToAnnotations', () => {
  it('gives an error for a failure, a warning for a warning, nothing for a pass', () => {
    const lines = gateToAnnotations(report).split('\n');
    expect(lines.map((line) => line.slice(0, line.indexOf(' ')))).toEqual(['::error', '::warning']);
    expect(lines[0]).toMatch(/^::error title=ap\.hard%3A fail::ap\.hard has dropped/);
  });
});
