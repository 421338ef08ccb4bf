import { expect, test } from 'vitest';
import { latencyChart } from '../../../client/charts/latency-chart.js';
import { colourOf, seriesOf, shownRecord } from './shown-record.js';

const times = (median: number) => ({ median, p95: 2 * median, mad: 1, n: 50 });
const fast = shownRecord(0, { latencyMs: { total: times(10), infer: times(6), decode: times(3) } });
const odd = shownRecord(1, {
  label: 'a name of more than thirty characters in all',
  latencyMs: { infer: times(4), upload: times(1) },
});
const stages = ['upload', 'infer', 'decode'];

test('stages are stacked in the order in which an image passes them, unknown ones after them, the rest last', () => {
  // The total of 10 has 10 - 6 - 3 = 1 beyond its stages; without a total there is no rest.
  expect(seriesOf(latencyChart([fast, odd], stages, colourOf))).toMatchObject([
    { label: 'decode', data: [3, 0], backgroundColor: '#series-1d9' },
    { label: 'infer', data: [6, 4], backgroundColor: '#series-2d9' },
    { label: 'upload', data: [0, 1] },
    { label: 'rest', data: [1, 0], backgroundColor: '#text-faintd9' },
  ]);
});

test('the rest is never below zero: medians of stages can add up to more than that of the total', () => {
  const tight = shownRecord(0, { latencyMs: { total: times(8), infer: times(6), decode: times(3) } });
  expect(seriesOf(latencyChart([tight], stages, colourOf)).at(-1)?.data).toEqual([0]);
});

test('of a long name the middle is left out, and the chart grows with its bars', () => {
  const drawing = latencyChart([fast, odd], stages, colourOf);
  expect(drawing.config.data.labels).toEqual(['R1 detector 1', 'R2 a name of more th…haracters in all']);
  expect(drawing.heightPx).toBe(110 + 2 * 44);
});

test('says the total of each record, or that it has none', () => {
  expect(latencyChart([fast, odd], stages, colourOf).summary).toBe(
    'R1 detector 1: 10.0 ms, 95 % within 20.0 ms, n = 50; R2 a name of more than thirty characters in all: no total',
  );
});
