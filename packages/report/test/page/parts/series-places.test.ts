import { expect, test } from 'vitest';
import type { PageRecord } from '../../../src/page/page-data.js';
import { seriesPlaces } from '../../../src/page/parts/series-places.js';
import { coloursOf, shownRecord } from '../../client/charts/shown-record.js';

const breakdown = { height: { '<16': { faces: 1, ap: 0.5, recall: 0.5 } } };
const of = (id: string, kind: PageRecord['kind'], backend = 'ort-node'): Partial<PageRecord> => ({
  kind,
  model: { id },
  backend: { id: backend, version: '1', threads: 1 },
  ...(kind === 'wider' || kind === 'detection' ? { breakdown } : {}),
});
const page = (...fields: Partial<PageRecord>[]): PageRecord[] => fields.map((own, at) => shownRecord(at, own));
const placesOf = (records: readonly PageRecord[]) => [...seriesPlaces(records).values()];

test('a model has one colour and a backend one mark, in records of every kind', () => {
  const records = page(
    of('a', 'wider'),
    of('a', 'wider', 'ort-wasm'),
    of('b', 'wider', 'ort-wasm'),
    of('b', 'latency'),
    of('a', 'latency', 'ort-wasm'),
  );
  expect(placesOf(records).map(({ colour, shape }) => [colour, shape])).toEqual([
    [0, 0],
    [0, 1],
    [1, 1],
    [1, 0],
    [0, 1],
  ]);
  const { styleOf } = coloursOf(records);
  expect(styleOf(records[2])).toMatchObject({ colour: '#series-2', shape: 'rect' });
});

test('two models of one name are two by their hashes', () => {
  const [first, second] = ['1', '2'].map((digit) => ({
    ...of('a', 'wider'),
    model: { id: 'a', sha256: digit.repeat(64) },
  }));
  expect(placesOf(page(first, second, first)).map(({ colour }) => colour)).toEqual([0, 1, 0]);
});

test('records of one model and backend in one chart differ in the pattern of their lines', () => {
  const records = page(of('a', 'wider'), of('a', 'detection'), of('a', 'wider', 'ort-wasm'));
  const patterns = placesOf(records).map(({ dash }) => dash);
  expect(new Set(patterns).size).toBe(3);
});

test('records without a model are no model that repeats', () => {
  const { model: _, ...unnamed } = shownRecord(0, { kind: 'wider' });
  const records: PageRecord[] = [unnamed, { ...unnamed, key: 'R2', kind: 'latency' }];
  expect(placesOf(records).map(({ colour }) => colour)).toEqual([0, 1]);
});

test('past the palette two models share a colour and differ in the pattern', () => {
  const places = placesOf(page(...Array.from({ length: 9 }, (_, at) => of(`m${at}`, 'wider'))));
  expect(places.map(({ colour }) => colour)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 0]);
  expect(places[8].dash).not.toBe(places[0].dash);
});
