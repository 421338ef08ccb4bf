import { expect, test } from 'vitest';
import { seriesPlaces } from '../../client/series-places.js';
import type { PageRecord } from '../../src/page/page-data.js';
import { coloursOf, shownRecord } from './charts/shown-record.js';

const breakdown = { height: { '<16': { faces: 1, ap: 0.5, recall: 0.5 } } };
const of = (id: string, kind: PageRecord['kind'], fields: Partial<PageRecord> = {}): Partial<PageRecord> => ({
  kind,
  model: { id },
  ...fields,
});
const page = (...fields: Partial<PageRecord>[]): PageRecord[] => fields.map((own, at) => shownRecord(at, own));
const placesOf = (records: readonly PageRecord[]): number[] => [...seriesPlaces(records).values()];

test('a wider and a detection record in one chart have two colours and two markers, of one model too', () => {
  for (const other of ['a', 'b']) {
    const records = page(of('a', 'wider', { breakdown }), of(other, 'detection', { breakdown }));
    const { styleOf } = coloursOf(records);
    expect(styleOf(records[0])).toMatchObject({ colour: '#series-1', shape: 'circle' });
    expect(styleOf(records[1])).toMatchObject({ colour: '#series-2', shape: 'rect' });
  }
});

test('a model keeps its colour in records that share no chart', () => {
  const records = page(
    of('a', 'wider', { breakdown }),
    of('b', 'wider', { breakdown }),
    of('b', 'latency'),
    of('a', 'latency'),
    of('c', 'latency'),
  );
  expect(placesOf(records)).toEqual([0, 1, 1, 0, 2]);
});

test('records without a model are no model that repeats', () => {
  const { model: _, ...unnamed } = shownRecord(0, { kind: 'wider' });
  const records: PageRecord[] = [unnamed, { ...unnamed, key: 'R2', kind: 'latency' }];
  expect(placesOf(records)).toEqual([0, 1]);
});

test('past the palette no two records of one chart share a place; records of other charts start anew', () => {
  const kinds = Array.from({ length: 8 }, (_, at) => of(`m${at}`, 'wider', { breakdown }));
  const records = page(...kinds, of('x', 'detection', { breakdown }), of('y', 'latency'), of('z', 'latency'));
  expect(placesOf(records)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1]);
});
