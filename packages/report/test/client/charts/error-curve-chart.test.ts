import { describe, expect, test } from 'vitest';
import {
  type ErrorCurveInput,
  type ErrorPoint,
  errorCurveChart,
  errorWhiskers,
} from '../../../client/charts/error-curve-chart.js';
import { coloursOf, seriesOf, shownRecord } from './shown-record.js';

const [first, second] = [shownRecord(0, {}), shownRecord(1, {})];
const point = (record: typeof first, falseRate: number, trueRate: number, more: Partial<ErrorPoint> = {}) => ({
  record,
  falseRate,
  trueRate,
  ...more,
});
const reported = [
  point(first, 1e-5, 0.5),
  point(first, 1e-4, 0.8, { target: '1e-4', interval: [0.7, 0.9] }),
  point(first, 1e-2, 0.95, { target: '0.01' }),
  point(first, 0.5, 1),
];
const bare = [point(second, 1e-3, 0.7), point(second, 0.1, 0.99)];

const input = (axes: 'roc' | 'det', curves: ErrorCurveInput['curves']): ErrorCurveInput => ({
  axes,
  rates: { falseRate: 'FAR', trueRate: 'TAR', missRate: 'FRR' },
  curves,
  colours: coloursOf([first, second]),
});
const roc = input('roc', new Map([[first, reported]]));
const det = input('det', new Map([[first, reported]]));

/** The least and the most of an axis. */
const bounds = (of: ErrorCurveInput, axis: 'x' | 'y') => {
  const { min, max } = errorCurveChart(of).config.options?.scales?.[axis] ?? {};
  return [min, max];
};

describe('the chart of an error curve', () => {
  test('is a line a record, whose reported points alone are marked', () => {
    expect(seriesOf(errorCurveChart(roc))).toMatchObject([
      {
        label: 'detector 1',
        data: [
          { x: 1e-5, y: 0.5 },
          { x: 1e-4, y: 0.8 },
          { x: 1e-2, y: 0.95 },
          { x: 0.5, y: 1 },
        ],
        pointRadius: [0, 4, 4, 0],
        borderColor: '#series-1',
      },
    ]);
  });

  test('shows misses as DET, none of them as the lowest that a logarithmic axis can have', () => {
    const heights = seriesOf(errorCurveChart(det))[0].data.map((at) => (at as { y: number }).y);
    expect(heights[1]).toBeCloseTo(0.2, 12);
    expect(heights[3]).toBe(1e-6);
  });

  test('reaches from half the lowest reported false rate to twice the highest', () => {
    expect(bounds(roc, 'x')).toEqual([1e-4 / 2, 1e-2 * 2]);
  });

  test('of a bare curve, reaches over all its points, to 1 at most', () => {
    expect(bounds(input('roc', new Map([[second, bare]])), 'x')).toEqual([1e-3 / 2, 0.2]);
    const whole = [...bare, point(second, 0.9, 1)];
    expect(bounds(input('roc', new Map([[second, whole]])), 'x')).toEqual([1e-3 / 2, 1]);
  });

  test('begins a twentieth below the lowest visible rate as ROC, at the power of ten below the fewest misses as DET', () => {
    // The interval reaches down to 0.7, and the point at 1e-5 is left of the axis: floor(0.7 x 20 - 1) / 20 = 0.65.
    expect(bounds(roc, 'y')).toEqual([0.65, 1]);
    // The fewest misses are 0.05 of the point at 0.01, above 0.01.
    expect(bounds(det, 'y')).toEqual([0.01, 1]);
  });

  test('draws the interval of each point that has one, upside down as DET', () => {
    expect(errorWhiskers(roc)).toEqual([{ x: 1e-4, y: 0.8, yInterval: [0.7, 0.9], colour: '#series-1' }]);
    const [{ yInterval }] = errorWhiskers(det);
    expect(yInterval?.[0]).toBeCloseTo(0.3, 12);
    expect(yInterval?.[1]).toBeCloseTo(0.1, 12);
  });

  test('says the reported points, and of a bare curve the last', () => {
    const both = input(
      'roc',
      new Map([
        [first, reported],
        [second, bare],
      ]),
    );
    expect(errorCurveChart(both).summary).toBe(
      'R1 detector 1: 80.00 % at 1e-4, 95.00 % at 0.01; R2 detector 2: 99.00 % at 1e-1',
    );
  });
});
