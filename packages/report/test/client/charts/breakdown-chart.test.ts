import { expect, test } from 'vitest';
import { type BreakdownMetric, type BreakdownRow, breakdownChart } from '../../../client/charts/breakdown-chart.js';
import { coloursOf, seriesOf, shownRecord } from './shown-record.js';

const records = [shownRecord(0, {}), shownRecord(1, {})];
const row = (index: number, bin: string, faces: number, ap: number, recall = ap): BreakdownRow => ({
  record: records[index],
  attribute: 'height',
  bin,
  result: { faces, ap, recall },
});
const few = [row(0, 'small', 1200, 0.4, 0.5), row(0, 'large', 90, 0.9), row(1, 'small', 1300, 0.6)];

const draw = (rows: readonly BreakdownRow[], metric: BreakdownMetric = 'AP', shown = records) =>
  breakdownChart({ rows, records: shown, attribute: 'height', metric, colours: coloursOf(records) });

test('a group of bars a bin, its faces beside its name only where the records count as many; a bin that a record lacks is empty', () => {
  const drawing = draw(few);
  expect(drawing.config.data.labels).toEqual(['small', 'large (90)']);
  expect(seriesOf(drawing)).toMatchObject([
    { label: 'detector 1', data: [0.4, 0.9], borderColor: '#series-1', backgroundColor: '#series-1cc' },
    { label: 'detector 2', data: [0.6, null], borderColor: '#series-2' },
  ]);
  expect(drawing.config.options?.indexAxis).toBe('x');
  expect(drawing.heightPx).toBeUndefined();
});

test('records of one data set share the counts of the axis', () => {
  const shared = [row(0, 'small', 1200, 0.4), row(1, 'small', 1200, 0.6)];
  expect(draw(shared).config.data.labels).toEqual(['small (1,200)']);
});

test('the tooltip gives each record its own count of faces', () => {
  const label = draw(few).config.options?.plugins?.tooltip?.callbacks?.label as unknown as (item: object) => string;
  const at = (datasetIndex: number, dataset: string, raw: number) =>
    label({ dataset: { label: dataset }, datasetIndex, dataIndex: 0, raw });
  expect(at(0, 'detector 1', 0.4)).toBe('detector 1: 40.00 % of 1,200 faces');
  expect(at(1, 'detector 2', 0.6)).toBe('detector 2: 60.00 % of 1,300 faces');
});

test('recall in place of AP, if that is asked for', () => {
  expect(seriesOf(draw(few, 'recall'))[0].data).toEqual([0.5, 0.9]);
});

test('a record that is switched off counts for nothing, and the others keep their colours', () => {
  const drawing = draw(few, 'AP', [records[1]]);
  expect(drawing.config.data.labels).toEqual(['small (1,300)', 'large']);
  expect(seriesOf(drawing)).toMatchObject([{ label: 'detector 2', borderColor: '#series-2' }]);
});

test('eleven bins lie on their side, the worst of the first record first and one that it lacks last', () => {
  const many = Array.from({ length: 11 }, (_, bin) => row(0, `b${bin}`, 1, 1 - bin / 20));
  const drawing = draw([row(1, 'new', 1, 0.1), ...many.slice(0, 10)]);
  expect(drawing.config.options?.indexAxis).toBe('y');
  expect(drawing.config.data.labels?.[0]).toBe('b9 (1)');
  expect(drawing.config.data.labels?.at(-1)).toBe('new (1)');
  // 80 px and, for each of 11 bins, 7 px a record and 6 more: 80 + 11 x max(16, 20).
  expect(drawing.heightPx).toBe(80 + 11 * 20);
});

test('says of each record which bin is its worst', () => {
  expect(draw(few).summary).toBe(
    'R1 detector 1 is weakest on small (AP 40.00 %); R2 detector 2 is weakest on small (AP 60.00 %).',
  );
});
