import type { PageRecord } from '../../src/page/page-data.js';
import type { Selection } from '../selection.js';
import type { ErrorPoint } from './error-curve-chart.js';
import { errorCurvePanel } from './error-curves.js';

/** DET of open-set identification: probes missed against false alarms, both logarithmic. */
export function identificationPanel(selection: Selection): HTMLElement | undefined {
  return errorCurvePanel(selection, {
    title: 'DET of identification',
    hint: 'Down is better: probes of enrolled subjects missed, against probes of strangers that raise an alarm.',
    rates: {
      falseRate: 'False positive identification rate',
      trueRate: 'True positive identification rate',
      missRate: 'False negative identification rate',
    },
    axes: 'det',
    pointsOf,
  });
}

function pointsOf(record: PageRecord): ErrorPoint[] {
  const curve = (record.identificationCurve?.fpir ?? []).map((falseRate, index) => ({
    record,
    falseRate,
    trueRate: record.identificationCurve?.tpir[index] ?? 0,
  }));
  const reported = Object.entries(record.tpir ?? {}).map(([target, trueRate]) => ({
    record,
    falseRate: Number(target),
    trueRate,
    target,
  }));
  return [...curve, ...reported].filter(({ falseRate }) => falseRate > 0);
}
