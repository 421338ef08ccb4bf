import type { ResultRecord, Split } from '@retinabench/results';
import { encodePoints } from '@retinabench/results';
import { describe, expect, it } from 'vitest';
import type { ComparedNumber } from '../../src/compare/compare-records.js';
import { controlMarks } from '../../src/compare/control-marks.js';
import type { PairedDifference } from '../../src/difference/difference-interval.js';
import { pairedApDifferences } from '../../src/difference/paired-ap.js';
import { formatPointInterval } from '../../src/format/number.js';
import { defaultGateConfig, parseGateConfig } from '../../src/gate/config.js';
import { evaluateGate } from '../../src/gate/evaluate.js';
import { buildPageData } from '../../src/page/build-page-data.js';
import { severalConditions } from '../../src/page/parts/several-conditions.js';
import { renderMarkdown } from '../../src/page/render-markdown.js';
import { widerRecord } from '../synthetic.js';

const number = (key: string, pValue: number | undefined, mark: ComparedNumber['mark']): ComparedNumber => ({
  key,
  baseline: 0.7,
  value: 0.69,
  difference: -0.01,
  ...(pValue === undefined ? {} : { pValue }),
  mark,
  how: 'paired over the images',
});

describe('controlMarks', () => {
  it('takes back marks that would stand alone and do not among all numbers of the table', () => {
    // Holm: 0.004 * 4 = 0.016 stays; 0.02 * 3 = 0.06 does not; 0.03 * 2 = 0.06; 0.5.
    const [first, second] = controlMarks([
      [number('ap.easy', 0.004, 'worse'), number('ap.hard', 0.02, 'worse')],
      [number('ap.easy', 0.03, 'better'), number('ap.hard', 0.5, 'same'), number('size.bytes', undefined, 'better')],
    ]);
    expect(first.map(({ mark }) => mark)).toEqual(['worse', 'uncertain']);
    expect(second.map(({ mark }) => mark)).toEqual(['uncertain', 'same', 'better']);
    expect(first[0].pAdjusted).toBeCloseTo(0.016, 12);
    expect(first[1].how).toBe(
      'paired over the images; worse by itself (p = 0.02), not among 4 numbers (after Holm 0.06)',
    );
  });
});

describe('severalConditions', () => {
  it('counts protocols and contents of data sets, and is silent where one of each is shared', () => {
    const at = (id: string, sha256: string) => ({ protocol: { id }, dataset: { name: 'd', images: 1, sha256 } });
    expect(severalConditions([at('p', 'a'), at('p', 'a')])).toBeUndefined();
    expect(severalConditions([at('p', 'a'), at('p', 'b')])).toBe('2 data sets');
    expect(severalConditions([at('p', 'a'), at('q', 'b'), at('q', 'c')])).toBe('2 protocols and 3 data sets');
  });
});

describe('renderMarkdown', () => {
  it('shows a loss that is uncertain among all numbers, and does not count it among the same', () => {
    // Holm, of three: 0.02 * 3 = 0.06 does not stay below 0.05, though the interval leaves out zero.
    const pValues = { easy: 0.02, medium: 0.4, hard: 0.6 };
    const data = buildPageData({
      title: 'A loss',
      createdAt: '2026-01-02T03:04:05.000Z',
      command: 'npx retinabench report a.json b.json',
      records: [
        { file: 'a.json', record: widerRecord(0.74) },
        { file: 'b.json', record: widerRecord(0.73) },
      ],
      baselines: [0],
      pairedApDifference: (_, __, subject) => ({
        difference: -0.01,
        interval: subject === 'easy' ? [-0.017, -0.003] : [-0.017, 0.003],
        pValue: () => pValues[subject as Split],
      }),
    });
    const text = renderMarkdown(data);
    expect(text).toMatch(/ap\.easy .*🟡 uncertain/);
    expect(text).not.toMatch(/ap\.medium .*same/);
  });
});

describe('evaluateGate, many rules', () => {
  const three = parseGateConfig('{ "ap.easy": "error", "ap.medium": "error", "ap.hard": "error" }', 'gates.json');
  const withP =
    (pValues: Readonly<Record<string, number>>): PairedDifference =>
    (_, __, subject) => ({ difference: -0.01, interval: [-0.017, -0.003], pValue: () => pValues[subject] });

  it('does not fail on one of three rules whose p-value is 0.03', () => {
    const pair = withP({ easy: 0.03, medium: 0.4, hard: 0.6 });
    const report = evaluateGate(widerRecord(0.74), widerRecord(0.73), three, pair);
    expect(report).toMatchObject({ verdict: 'inconclusive', exitCode: 0 });
    const easy = report.results.find(({ rule }) => rule === 'ap.easy');
    expect(easy?.message).toMatch(/By itself it would fail, but p = 0\.09 among the 3 tests of this gate \(Holm\)/);
    expect(easy?.values.pAdjusted).toBeCloseTo(0.09, 12);
  });

  it('fails on it alone', () => {
    const alone = parseGateConfig('{ "ap.easy": "error" }', 'gates.json');
    const report = evaluateGate(widerRecord(0.74), widerRecord(0.73), alone, withP({ easy: 0.03 }));
    expect(report).toMatchObject({ verdict: 'fail', exitCode: 1 });
  });

  it('fails where the evidence is strong enough for three', () => {
    const pair = withP({ easy: 0.01, medium: 0.4, hard: 0.6 });
    expect(evaluateGate(widerRecord(0.74), widerRecord(0.73), three, pair)).toMatchObject({
      verdict: 'fail',
      exitCode: 1,
    });
  });
});

describe('identical records', () => {
  const perSplit = <T>(value: T): Record<Split, T> => ({ easy: value, medium: value, hard: value });
  const images = Array.from({ length: 40 }, (_, index) => ({
    name: `e/${index}`,
    points: perSplit(index % 4 === 0 ? '' : encodePoints([10, 1, 1])),
    faces: perSplit(1),
  }));
  const record: ResultRecord = { ...widerRecord(0.75), ap: perSplit(0.75), images };

  it('pass the gate, which says what they cannot exclude', () => {
    const { verdict, results } = evaluateGate(record, { ...record }, defaultGateConfig(), pairedApDifferences());
    expect(verdict).toBe('pass');
    const hard = results.find(({ rule }) => rule === 'ap.hard');
    expect(hard?.caveat).toMatch(
      /^no image differs: a change on up to 3\/40 \(7\.50 %\) of the images cannot be excluded/,
    );
    // ln 20 / 40 of the images lose all, of an AP of 0.75: 5.617 points.
    expect(hard?.actual).toBe('75.00 % to 75.00 %, 0.00 [−5.62, +1.87]');
  });

  it('are the same in a report, which says so, too', () => {
    const data = buildPageData({
      title: 'A/A',
      createdAt: '2026-01-02T03:04:05.000Z',
      command: 'npx retinabench report a.json b.json',
      records: [
        { file: 'a.json', record },
        { file: 'b.json', record: { ...record } },
      ],
      baselines: [0],
      pairedApDifference: pairedApDifferences(),
    });
    const ap = data.records[1].compared.filter(({ key }) => key.startsWith('ap.'));
    expect(ap.map(({ mark }) => mark)).toEqual(['same', 'same', 'same']);
    expect(ap[0].how).toMatch(/no image differs/);
    expect(renderMarkdown(data)).toMatch(
      /R2, ap\.easy, ap\.medium, ap\.hard: no image differs: a change on up to 3\/40/,
    );
  });
});

describe('formatPointInterval', () => {
  it('writes as many digits as show the ends apart', () => {
    expect(formatPointInterval(-0.0051, [-0.007, -0.003])).toBe('−0.51 [−0.70, −0.30]');
    expect(formatPointInterval(0, [-0.00001, 0.00001])).toBe('0.000 [−0.001, +0.001]');
    expect(formatPointInterval(0, [0, 0])).toBe('0.00 [0.00, 0.00]');
  });
});
