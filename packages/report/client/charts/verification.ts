import type { PageRecord } from '../../src/page/page-data.js';
import type { Selection } from '../selection.js';
import type { ErrorPoint } from './error-curve-chart.js';
import { errorCurvePanel } from './error-curves.js';

const rates = {
  falseRate: 'False acceptance rate',
  trueRate: 'True acceptance rate',
  missRate: 'False rejection rate',
};

/** ROC: true acceptance against false acceptance on a logarithmic axis, TAR marked at the FAR that was achieved. */
export function rocPanel(selection: Selection): HTMLElement | undefined {
  return errorCurvePanel(selection, {
    title: 'ROC',
    hint: 'Up is better. Points stand at the false acceptance rate that was achieved, not at the target; bars are 95 % intervals.',
    rates,
    axes: 'roc',
    pointsOf,
  });
}

/** DET: false rejection against false acceptance, both logarithmic. */
export function detPanel(selection: Selection): HTMLElement | undefined {
  return errorCurvePanel(selection, {
    title: 'DET',
    hint: 'Down is better. The same as false rejections, both axes logarithmic, which spreads the good detectors apart.',
    rates,
    axes: 'det',
    pointsOf,
  });
}

/** The curve of a record, where it has one, and its TAR at the targets. */
function pointsOf(record: PageRecord): ErrorPoint[] {
  const curve = (record.roc?.far ?? []).map((falseRate, index) => ({
    record,
    falseRate,
    trueRate: record.roc?.tar[index] ?? 0,
  }));
  const reported = Object.entries(record.tar ?? {}).map(([target, { achievedFar, tar, interval }]) => ({
    record,
    falseRate: achievedFar,
    trueRate: tar,
    target,
    ...(interval === undefined ? {} : { interval }),
  }));
  return [...curve, ...reported].filter(({ falseRate }) => falseRate > 0);
}
