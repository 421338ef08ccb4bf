import { formatPoints } from '../../src/format/number.js';
import type { PageRecord } from '../../src/page/page-data.js';
import { recordColumn } from '../../src/page/parts/record-column.js';
import { chartPanel } from '../chart-panel.js';
import { chartColours } from '../palette.js';
import type { Selection } from '../selection.js';
import { themeColour } from '../theme.js';
import { type ErrorPoint, type ErrorRates, errorCurveChart } from './error-curve-chart.js';

/** What an error curve shows, and of which records. */
export interface ErrorCurveView {
  readonly title: string;
  readonly hint: string;
  readonly rates: ErrorRates;
  /** `roc` draws the true rate on a linear axis, `det` the misses on a logarithmic one. */
  readonly axes: 'roc' | 'det';
  readonly pointsOf: (record: PageRecord) => readonly ErrorPoint[];
}

/** True rate, or misses, against false rate, with the numbers behind it. */
export function errorCurvePanel(selection: Selection, view: ErrorCurveView): HTMLElement | undefined {
  const { data } = selection;
  const { title, hint, rates, axes } = view;
  const ofRecord = new Map(
    data.records.map((record) => [
      record,
      [...view.pointsOf(record)].sort((a, b) => a.falseRate - b.falseRate || a.trueRate - b.trueRate),
    ]),
  );
  const pointsOf = (record: PageRecord): readonly ErrorPoint[] => ofRecord.get(record) ?? [];
  const rows = data.records.flatMap(pointsOf);
  if (rows.length === 0) return undefined;
  return chartPanel<'line', ErrorPoint>({
    title,
    hint,
    selection,
    draw: () => {
      const records = selection.shown((record) => pointsOf(record).length > 0);
      if (records.length === 0) return undefined;
      const curves = new Map(records.map((record) => [record, pointsOf(record)]));
      return { ...errorCurveChart({ axes, rates, curves, colours: chartColours(themeColour, data.records) }), records };
    },
    rows,
    columns: [
      recordColumn(data),
      { heading: 'Target', value: ({ target }) => target ?? '' },
      {
        heading: rates.falseRate,
        numeric: true,
        value: ({ falseRate }) => falseRate,
        show: ({ falseRate }) => falseRate.toExponential(3),
      },
      {
        heading: rates.trueRate,
        numeric: true,
        value: ({ trueRate }) => trueRate,
        show: ({ trueRate }) => formatPoints(trueRate),
      },
      {
        heading: rates.missRate,
        numeric: true,
        value: ({ trueRate }) => 1 - trueRate,
        show: ({ trueRate }) => formatPoints(1 - trueRate),
      },
    ],
  });
}
