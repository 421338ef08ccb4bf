import type { PageRecord } from '../../src/page/page-data.js';
import type { Selection } from '../selection.js';
import type { ErrorPoint } from './error-curve-chart.js';
import { errorCurvePanel } from './error-curves.js';

/** Miss rate against false positives per image, both logarithmic, as the Caltech benchmark draws it. */
export function missRatePanel(selection: Selection): HTMLElement | undefined {
  return errorCurvePanel(selection, {
    title: 'Misses and false positives',
    hint: 'Down is better. The log-average miss rate is the geometric mean of nine points from 0.01 to 1 false positives per image.',
    rates: { falseRate: 'False positives per image', trueRate: 'Recall', missRate: 'Miss rate' },
    axes: 'det',
    pointsOf,
  });
}

function pointsOf(record: PageRecord): ErrorPoint[] {
  const { fppi = [], missRate = [] } = record.detection?.missRateCurve ?? {};
  return fppi
    .map((falseRate, index) => ({ record, falseRate, trueRate: 1 - (missRate[index] ?? 1) }))
    .filter(({ falseRate }) => falseRate > 0);
}
