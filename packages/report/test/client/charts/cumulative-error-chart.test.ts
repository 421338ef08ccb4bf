import { expect, test } from 'vitest';
import { cumulativeErrorChart } from '../../../client/charts/cumulative-error-chart.js';
import type { PageRecord } from '../../../src/page/page-data.js';
import { coloursOf, seriesOf, shownRecord } from './shown-record.js';

const landmarks = (share: readonly number[], auc: number): NonNullable<PageRecord['landmarks']> => ({
  ...{ withoutPoints: 0, withoutLength: 0, unmatched: 0, incomplete: 0, nmeWithMissesAsOne: 0.1, perPoint: [] },
  missesAsFailures: {
    faces: 4,
    missed: 1,
    failureRate: { '0.08': 0.5, '0.1': 0.25 },
    auc: { '0.08': 0.1, '0.1': auc },
  },
  ced: { error: [0, 0.05, 0.1], share },
  images: [],
});
const records = [
  shownRecord(0, { landmarks: landmarks([0, 0.5, 0.75], 0.4) }),
  shownRecord(1, { landmarks: landmarks([0, 0.25, 0.5], 0.2) }),
];

test('a line a record through the shares of its faces, named with the area up to its largest threshold', () => {
  const drawing = cumulativeErrorChart(records, coloursOf(records));
  expect(seriesOf(drawing)).toMatchObject([
    {
      label: 'detector 1 (AUC 0.1: 40.00 %)',
      data: [
        { x: 0, y: 0 },
        { x: 0.05, y: 0.5 },
        { x: 0.1, y: 0.75 },
      ],
      borderColor: '#series-1',
    },
    { label: 'detector 2 (AUC 0.1: 20.00 %)', borderColor: '#series-2' },
  ]);
  expect(drawing.summary).toBe('R1 detector 1 (AUC 0.1: 40.00 %); R2 detector 2 (AUC 0.1: 20.00 %)');
});

test('errors in pixels are on an axis of pixels', () => {
  const protocol = { ...records[0].protocol, normaliser: 'pixels' };
  const inPixels = [{ ...records[0], protocol }];
  const drawing = cumulativeErrorChart(inPixels, coloursOf(inPixels));
  expect(drawing.config.options?.scales?.x).toMatchObject({ title: { text: 'Error, pixels' } });
});
