import { expect, test } from 'vitest';
import { termChart } from '../../../client/charts/term-chart.js';
import { coloursOf, seriesOf, shownRecord } from './shown-record.js';

const records = [shownRecord(0, {}), shownRecord(1, {})];
const rows = (index: number, terms: Readonly<Record<string, number>>) =>
  Object.entries(terms).map(([term, value]) => ({ record: records[index], term, value }));

const drawing = termChart({
  axisTitle: 'Loss',
  terms: new Map([
    [records[0], rows(0, { class: 1.5, box: 0.25 })],
    [records[1], rows(1, { box: 0.5, landmark: 2 })],
  ]),
  format: (value) => value.toFixed(1),
  colours: coloursOf(records),
});

test('a group of bars a term, in the order in which terms appear; one that a record lacks is empty', () => {
  expect(drawing.config.data.labels).toEqual(['class', 'box', 'landmark']);
  expect(seriesOf(drawing)).toMatchObject([
    { label: 'detector 1', data: [1.5, 0.25, null], borderColor: '#series-1' },
    { label: 'detector 2', data: [null, 0.5, 2], borderColor: '#series-2' },
  ]);
});

test('says the terms of each record', () => {
  expect(drawing.summary).toBe('R1 detector 1: class 1.5, box 0.3; R2 detector 2: box 0.5, landmark 2.0');
});
