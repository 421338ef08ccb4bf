import type { LandmarkSummary } from '@retinabench/results';
import { expect, test } from 'vitest';
import { landmarkLeaders, leaderOf } from '../../../client/sections/leader.js';
import type { PageRecord } from '../../../src/page/page-data.js';
import { shownRecord } from '../charts/shown-record.js';

const summary = (nme: number): LandmarkSummary => ({ faces: 9, missed: 0, nme, median: nme, failureRate: {}, auc: {} });
const landmarkRecord = (index: number, normaliser: string, nme: number): PageRecord =>
  shownRecord(index, {
    kind: 'landmarks',
    protocol: { id: normaliser, normaliser },
    landmarks: {
      ...{ withoutPoints: 0, withoutLength: 0, unmatched: 0, incomplete: 0, nmeWithMissesAsOne: nme, perPoint: [] },
      ...{ matchedOnly: summary(nme), missesAsFailures: summary(nme), ced: { error: [], share: [] }, images: [] },
    },
  });
const headings = (records: readonly PageRecord[]) =>
  landmarkLeaders(records).map(({ heading, record, number }) => [heading, record.key, number]);

test('landmark errors compete within one normaliser only', () => {
  expect(
    headings([
      landmarkRecord(0, 'interocular', 0.06),
      landmarkRecord(1, 'box', 0.03),
      landmarkRecord(2, 'interocular', 0.05),
      landmarkRecord(3, 'pixels', 0.01),
    ]),
  ).toEqual([
    ['Lowest landmark error by interocular', 'R3', 0.05],
    ['Lowest landmark error by box', 'R2', 0.03],
  ]);
});

test('of one normaliser it is not named', () => {
  expect(headings([landmarkRecord(0, 'box', 0.06), landmarkRecord(1, 'box', 0.05)])).toEqual([
    ['Lowest landmark error', 'R2', 0.05],
  ]);
});

test('what is lowest across protocols says so, as what is highest does; a size does not depend on them', () => {
  const records = ['p', 'q'].map((id, index) =>
    shownRecord(index, { protocol: { id }, ap: { hard: 0.7 + index / 10 }, model: { id, bytes: 10 - index } }),
  );
  const value = ({ ap }: PageRecord): number | undefined => ap?.hard;
  expect(leaderOf(records, { title: 'AP', value, better: 'higher' })).toMatchObject({
    ...{ heading: 'Highest AP, of 2 protocols', number: 0.7 + 1 / 10 },
  });
  expect(leaderOf(records, { title: 'AP', value, better: 'lower' })?.heading).toBe('Lowest AP, of 2 protocols');
  expect(
    leaderOf(records, { title: 'size', value: ({ model }) => model?.bytes, better: 'lower', anywhere: true }),
  ).toMatchObject({ heading: 'Lowest size', number: 9 });
  expect(leaderOf(records.slice(0, 1), { title: 'AP', value, better: 'higher' })?.heading).toBe('Best AP');
  expect(leaderOf([], { title: 'AP', value, better: 'higher' })).toBeUndefined();
});
