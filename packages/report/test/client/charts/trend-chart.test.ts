import { expect, test } from 'vitest';
import { type TrendRow, trendChart } from '../../../client/charts/trend-chart.js';
import { colourOf, seriesOf } from './shown-record.js';

const row = (day: number, value: number, protocolId = 'aaa'): TrendRow => ({
  key: 'ap.hard',
  value,
  entry: {
    acceptedAt: `2026-03-0${day}T12:00:00.000Z`,
    recordSha256: '0'.repeat(64),
    by: 'Ada',
    why: 'wider anchors',
    kind: 'wider',
    model: 'm',
    dataset: 'mini',
    protocolId,
    values: {},
  },
});
const rows = [row(1, 0.7), row(3, 0.72), row(2, 0.5, 'bbb')];

test('a line for each set of conditions over all days on which a baseline was accepted', () => {
  const drawing = trendChart(rows, 'ap.hard', colourOf);
  expect(drawing.config.data.labels).toEqual(['2026-03-01', '2026-03-02', '2026-03-03']);
  expect(seriesOf(drawing)).toMatchObject([
    { label: 'm · mini · aaa', data: [0.7, null, 0.72], spanGaps: true, borderColor: '#series-1' },
    { label: 'm · mini · bbb', data: [null, 0.5, null], borderColor: '#series-2' },
  ]);
});

test('names the commit below the day', () => {
  const { entry, ...rest } = row(1, 0.7);
  const committed = { ...rest, entry: { ...entry, commit: '0123456789abcdef' } };
  expect(trendChart([committed, row(2, 0.7)], 'ap.hard', colourOf).config.data.labels).toEqual([
    ['2026-03-01', '0123456'],
    '2026-03-02',
  ]);
});

test('says how many there are, and of the last who accepted it and why, in the unit of its rule', () => {
  expect(trendChart(rows, 'ap.hard', colourOf).summary).toBe(
    '3 baselines; the last, by Ada on 2026-03-02: 50.00 % (wider anchors).',
  );
  expect(trendChart([row(1, 7)], 'unknown.key', colourOf).summary).toContain(': 7 (');
  expect(trendChart([], 'ap.hard', colourOf).summary).toBe('');
});
