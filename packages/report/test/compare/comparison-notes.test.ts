import { expect, test } from 'vitest';
import type { ComparedNumber } from '../../src/compare/compare-records.js';
import { compareTwo } from '../../src/compare/compare-two.js';
import { comparisonNotes, howWithoutNote } from '../../src/compare/comparison-notes.js';
import { buildPageData } from '../../src/page/build-page-data.js';
import { renderMarkdown } from '../../src/page/render-markdown.js';
import { widerRecord } from '../synthetic.js';

const number = (key: string, more: Partial<ComparedNumber>): ComparedNumber => ({
  ...{ key, baseline: 0.7, value: 0.6, mark: 'same', how: 'exact' },
  ...more,
});
const incomparable = { mark: 'not comparable', how: 'another protocol: rules python -> matlab' } as const;
const caveat = 'only 3 of 9 images differ';

test('the reason of all numbers of a record is one note', () => {
  const compared = ['a', 'b', 'c', 'd'].map((key) => number(key, incomparable));
  expect(comparisonNotes(compared)).toEqual([
    { numbers: 'all 4 numbers', text: 'not comparable: another protocol: rules python -> matlab' },
  ]);
  expect(howWithoutNote(compared[0])).toBe('see the note above');
});

test('other reasons and caveats are notes of the numbers that have them', () => {
  const paired = number('ap.hard', { caveat, how: `paired over the images; ${caveat}; worse by itself` });
  const compared = [number('ap.easy', incomparable), paired, number('size.bytes', {})];
  expect(comparisonNotes(compared)).toEqual([
    { numbers: 'ap.easy', text: `not comparable: ${incomparable.how}` },
    { numbers: 'ap.hard', text: caveat },
  ]);
  expect(compared.map(howWithoutNote)).toEqual([
    'see the note above',
    'paired over the images; see the note above; worse by itself',
    'exact',
  ]);
});

test('the Markdown says once why a record is not comparable', () => {
  const text = renderMarkdown(
    buildPageData({
      title: 'Two protocols',
      createdAt: '2026-01-02T03:04:05.000Z',
      command: 'npx retinabench report a.json b.json',
      records: [
        { file: 'a.json', record: widerRecord(0.74) },
        { file: 'b.json', record: widerRecord(0.73, { settings: { rules: 'matlab', scale: 'original' } }) },
      ],
      baselines: [0],
      pairedApDifference: () => undefined,
    }),
  );
  expect(text.match(/🚫 not comparable/g)).toHaveLength(3);
  expect(text.match(/another protocol/g)).toHaveLength(1);
  expect(text).toContain('R2, ap.easy, ap.medium, ap.hard: not comparable: another protocol: rules python');
});

test('times of two runs are a hint, and say what else the machine did', () => {
  const run = (median: number, share: number) =>
    widerRecord(0.7, {
      latencyMs: {
        detect: { n: 100, mean: median, median, p10: median, p95: median, p99: median, mad: 1 },
      },
      loadOfOthers: { shares: [share], limit: 0.1, disturbed: 1 },
    });
  const compared = compareTwo(run(98, 0.38), run(117, 0.61), { pairedApDifference: () => undefined });
  expect(compared).toMatchObject({
    kind: 'compared',
    notes: expect.arrayContaining([
      {
        numbers: 'latency.detect',
        text: 'a hint, of two runs, while other programs took 38 % and 61 % of the processors: gate --latency decides',
      },
    ]),
  });
});
