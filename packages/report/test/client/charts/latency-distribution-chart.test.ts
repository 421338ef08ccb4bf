import { expect, test } from 'vitest';
import { hasDistribution, latencyDistributionChart } from '../../../client/charts/latency-distribution-chart.js';
import { coloursOf, seriesOf, shownRecord } from './shown-record.js';

// 10, 11, .. 30 ms: the quantile at 5 s % is 10 + s.
const quantiles = Array.from({ length: 21 }, (_, step) => 10 + step);
const total = { median: 20, p95: 29, mad: 5, n: 100 };
const timed = shownRecord(0, { latencyMs: { total: { ...total, quantiles } } });
const older = shownRecord(1, { latencyMs: { total } });

test('only records that hold a distribution have one', () => {
  expect([timed, older].map(hasDistribution)).toEqual([true, false]);
});

test('a line a record from the shortest to the longest time, by the share that takes at most so long', () => {
  const drawing = latencyDistributionChart([timed], coloursOf([timed, older]));
  const [{ data, borderColor }] = seriesOf(drawing);
  expect(data).toHaveLength(21);
  expect([data[0], data[10], data[20]]).toEqual([
    { x: 10, y: 0 },
    { x: 20, y: 50 },
    { x: 30, y: 100 },
  ]);
  expect(borderColor).toBe('#series-1');
  expect(drawing.summary).toBe('R1 detector 1: 10 % within 12.0 ms, half within 20.0 ms, 95 % within 29.0 ms');
});
