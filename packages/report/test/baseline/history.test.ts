import { describe, expect, it } from 'vitest';
import { headlineValues } from '../../src/baseline/headline.js';
import { appendLine, parseHistory, recordDigest } from '../../src/baseline/history.js';
import { widerRecord } from '../synthetic.js';

const entry = (why: string) => ({
  acceptedAt: '2026-01-02T03:04:05.000Z',
  recordSha256: recordDigest(widerRecord(0.74)),
  by: 'someone',
  why,
  kind: 'wider' as const,
  protocolId: widerRecord(0.74).protocol.id,
  values: headlineValues(widerRecord(0.74)),
});

function historyOf(...reasons: string[]): string {
  return reasons.reduce((content, why) => content + appendLine(content, entry(why)), '');
}

describe('history of baselines', () => {
  it('reads back what was appended, oldest first', () => {
    const history = parseHistory(historyOf('first', 'second', 'third'), 'history.jsonl');
    expect(history.map(({ why }) => why)).toEqual(['first', 'second', 'third']);
    expect(history[0].previousSha256).toBeUndefined();
    expect(history[1].previousSha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('finds a line that was changed, removed or moved', () => {
    const content = historyOf('first', 'second', 'third');
    const [first, second, third] = content.trimEnd().split('\n');
    const broken = [
      content.replace('first', 'fIrst'),
      `${first}\n${third}\n`,
      `${second}\n${first}\n${third}\n`,
      `${second}\n${third}\n`,
    ];
    for (const text of broken) {
      expect(() => parseHistory(text, 'history.jsonl')).toThrow(/history\.jsonl:\d: .*append-only/);
    }
  });

  it('names the line of a torn or malformed entry', () => {
    const content = historyOf('first', 'second');
    expect(() => parseHistory(content.slice(0, -1), 'h')).toThrow(/h:2: .*torn line/);
    expect(() => parseHistory('{}\n', 'h')).toThrow(/h:1: not an accepted baseline: acceptedAt: expected a value/);
    expect(() => parseHistory('nonsense\n', 'h')).toThrow(/h:1: expected an accepted baseline as JSON/);
  });

  it('gives equal records equal digests whatever the order of keys', () => {
    const record = widerRecord(0.74);
    const reversed = Object.fromEntries(Object.entries(record).reverse()) as unknown as typeof record;
    expect(recordDigest(reversed)).toBe(recordDigest(record));
    expect(recordDigest(widerRecord(0.75))).not.toBe(recordDigest(record));
  });
});

describe('headlineValues', () => {
  it('gives each number by the key of its gate rule', () => {
    expect(headlineValues(widerRecord(0.74))).toEqual({
      'ap.easy': 0.9,
      'ap.medium': 0.88,
      'ap.hard': 0.74,
      'size.bytes': 1_740_000,
      'size.parameters': 426_608,
    });
  });
});
