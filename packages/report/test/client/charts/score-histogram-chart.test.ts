import { expect, test } from 'vitest';
import { scoreBins, scoreHistogramChart } from '../../../client/charts/score-histogram-chart.js';
import { colourOf, seriesOf, shownRecord } from './shown-record.js';

const record = shownRecord(0, {
  scoreHistogram: { low: -0.5, high: 0.5, genuine: [0, 1, 3, 4], impostor: [1000, 500, 500, 0] },
});

test('bins begin at equal steps from the lowest score', () => {
  expect(scoreBins(record).map(({ score }) => score)).toEqual([-0.5, -0.25, 0, 0.25]);
  expect(scoreBins(shownRecord(1, {}))).toEqual([]);
});

test('shares of each kind of pair, so that few genuine pairs show beside many impostors', () => {
  // 8 genuine pairs and 2,000 impostors.
  expect(seriesOf(scoreHistogramChart(record, colourOf))).toMatchObject([
    { label: 'impostor (2,000)', data: [0.5, 0.25, 0.25, 0] },
    { label: 'genuine (8)', data: [0, 0.125, 0.375, 0.5] },
  ]);
});

test('a kind without pairs has shares of zero, not NaN', () => {
  const none = shownRecord(0, { scoreHistogram: { low: 0, high: 1, genuine: [0, 0], impostor: [1, 1] } });
  expect(seriesOf(scoreHistogramChart(none, colourOf))[1].data).toEqual([0, 0]);
});

test('says how many pairs there are and where their scores lie', () => {
  expect(scoreHistogramChart(record, colourOf).summary).toBe(
    'R1 detector 1: 8 genuine and 2000 impostor pairs, scores from -0.5 to 0.5',
  );
});
