import { expect, test } from 'vitest';
import { filledBins, reliabilityChart } from '../../../client/charts/reliability-chart.js';
import { coloursOf, seriesOf, shownRecord } from './shown-record.js';

const record = shownRecord(0, {
  calibration: {
    ...{ ece: 0.1, mce: 0.2, brier: 0.1, matching: 'coco 0.5', binning: 'equal-width', meanScore: 0.5, precision: 0.4 },
    detections: 500,
    bins: [
      { low: 0, high: 0.25, count: 400, meanScore: 0.1, precision: 0.05 },
      { low: 0.25, high: 0.5, count: 0 },
      { low: 0.5, high: 0.75, count: 100, meanScore: 0.6, precision: 0.4 },
    ],
  },
});

test('a point a bin that has detections, larger where it has more, and the diagonal', () => {
  expect(filledBins(record)).toHaveLength(2);
  const drawing = reliabilityChart([record], coloursOf([record]));
  const [line, diagonal] = seriesOf(drawing);
  expect(line.data).toEqual([
    { x: 0.1, y: 0.05 },
    { x: 0.6, y: 0.4 },
  ]);
  // Area by count: 2.5 + 6.5 sqrt(1) and 2.5 + 6.5 sqrt(1/4).
  expect(line).toMatchObject({ pointRadius: [9, 5.75], borderColor: '#series-1' });
  expect(diagonal.data).toEqual([
    { x: 0, y: 0 },
    { x: 1, y: 1 },
  ]);
});

test('says ECE, and where and to which side a score is furthest off', () => {
  expect(reliabilityChart([record], coloursOf([record])).summary).toBe(
    'R1 detector 1: ECE 0.1000; furthest off from 0.5 to 0.75, too sure by 20.0 %.',
  );
});
