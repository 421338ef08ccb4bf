import { expect, test } from 'vitest';
import { matrixChart, matrixHint, matrixRows } from '../../../client/charts/matrix-chart.js';
import { colourOf, seriesOf, shownRecord } from './shown-record.js';

const cell = (model: string, scale: string, hard?: number) => ({
  model,
  backend: 'ort-node',
  scale,
  ...(hard === undefined ? { error: 'does not load' } : { values: { 'ap.easy': 0.9, 'ap.hard': hard } }),
});
const record = shownRecord(0, {
  kind: 'matrix',
  matrix: [cell('a', 'long:320', 0.2), cell('a', 'original', 0.7), cell('b', 'long:320'), cell('b', 'original', 0.65)],
});

test('a line for each model and backend over the scales, with a gap where a combination failed', () => {
  const rows = matrixRows([record]).filter(({ name }) => name === 'ap.hard');
  const drawing = matrixChart(rows, 'ap.hard', colourOf);
  expect(drawing.config.data.labels).toEqual(['long:320', 'original']);
  expect(seriesOf(drawing)).toMatchObject([
    { data: [0.2, 0.7], borderColor: '#series-1' },
    { data: [null, 0.65], borderColor: '#series-2' },
  ]);
  expect(drawing.summary).toMatch(
    /a · ort-node.*: best 70\.00 % at original, of 2 sizes\. b · ort-node.*: best 65\.00 % at original, of 1 size\./,
  );
});

test('says what a size costs only where a detector was run at several', () => {
  expect(matrixHint(matrixRows([record]))).toBe(
    'One line per model and backend; small faces are lost at small sizes, large ones at large.',
  );
  const fixed = shownRecord(0, {
    kind: 'matrix',
    matrix: [cell('a', 'fixed:320x320,letterbox', 0.2), cell('b', 'fixed:640x640,letterbox', 0.7)],
  });
  expect(matrixHint(matrixRows([fixed]))).toBe('One line per model and backend.');
});
