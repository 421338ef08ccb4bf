import { expect, test } from 'vitest';
import { precisionRecallChart } from '../../../client/charts/precision-recall-chart.js';
import { coloursOf, seriesOf, shownRecord } from './shown-record.js';

const records = [
  shownRecord(0, { ap: { hard: 0.7382 }, curves: { hard: { recall: [0.1, 0.5], precision: [1, 0.8] } } }),
  shownRecord(1, { curves: { hard: { recall: [0.2], precision: [0.9] } } }),
];
const drawing = precisionRecallChart(records, 'hard', coloursOf(records));

test('a line a record through the points of its curve, named with its AP where it has one', () => {
  expect(seriesOf(drawing).slice(0, 2)).toMatchObject([
    {
      label: 'detector 1 (73.82 %)',
      data: [
        { x: 0.1, y: 1 },
        { x: 0.5, y: 0.8 },
      ],
      borderColor: '#series-1',
    },
    { label: 'detector 2', data: [{ x: 0.2, y: 0.9 }], borderColor: '#series-2' },
  ]);
  expect(drawing.summary).toBe('R1 detector 1 (73.82 %); R2 detector 2');
});

test('lines of equal F1 run behind them, and are no entry of the legend', () => {
  const lines = seriesOf(drawing).slice(2);
  expect(lines.map(({ label }) => label)).toEqual(['F1 = 0.2', 'F1 = 0.4', 'F1 = 0.6', 'F1 = 0.8', 'F1 = 0.9']);
  for (const { label, data } of lines) {
    for (const { x, y } of data as { x: number; y: number }[]) {
      // The harmonic mean of precision and recall.
      expect((2 * x * y) / (x + y)).toBeCloseTo(Number(label?.slice(5)), 9);
      expect(y).toBeLessThanOrEqual(1 + 1e-9);
    }
  }
  const filter = drawing.config.options?.plugins?.legend?.labels?.filter;
  expect(filter?.({ text: 'F1 = 0.2' } as never, {} as never)).toBe(false);
  expect(filter?.({ text: 'detector 2' } as never, {} as never)).toBe(true);
});

test('both axes show the whole range of shares', () => {
  const { x, y } = drawing.config.options?.scales ?? {};
  expect([x?.min, x?.max, y?.min, y?.max]).toEqual([0, 1, 0, 1]);
});
