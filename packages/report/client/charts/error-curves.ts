import type { Interval } from '@retinabench/results';
import { formatPoints } from '../../src/format/number.js';
import type { PageRecord } from '../../src/page/page-data.js';
import { logAxis, percentAxis } from '../axes.js';
import { chartPanel } from '../chart-panel.js';
import { seriesIndex, seriesStyle } from '../palette.js';
import type { Selection } from '../selection.js';
import { recordLink } from '../source-note.js';
import { themeColour } from '../theme.js';
import { whiskerPlugin } from '../whiskers.js';

/** A point of an error curve: of the curve itself, or one that a record reports for a target rate. */
export interface ErrorPoint {
  readonly record: PageRecord;
  /** False acceptances or false alarms as a share, above 0. */
  readonly falseRate: number;
  /** Genuine faces accepted or identified as a share. */
  readonly trueRate: number;
  /** The target rate that the point is reported for; absent on the curve between. */
  readonly target?: string;
  readonly interval?: Interval;
}

/** What the rates of an error curve are called. */
export interface ErrorRates {
  readonly falseRate: string;
  readonly trueRate: string;
  readonly missRate: string;
}

/** What an error curve shows, and of which records. */
export interface ErrorCurveView {
  readonly title: string;
  readonly hint: string;
  readonly rates: ErrorRates;
  /** `roc` draws the true rate on a linear axis, `det` the misses on a logarithmic one. */
  readonly axes: 'roc' | 'det';
  readonly pointsOf: (record: PageRecord) => readonly ErrorPoint[];
}

/** A DET axis cannot show zero: an error rate below this is drawn at it. */
const detFloor = 1e-6;

const power = (value: number): string => value.toExponential(0).replace('e-', 'e−').replace('e+', 'e');

/** True rate, or misses, against false rate on a logarithmic axis: a line per record, its reported points marked. */
export function errorCurvePanel(selection: Selection, view: ErrorCurveView): HTMLElement | undefined {
  const { data } = selection;
  const ofRecord = new Map(
    data.records.map((record) => [
      record,
      [...view.pointsOf(record)].sort((a, b) => a.falseRate - b.falseRate || a.trueRate - b.trueRate),
    ]),
  );
  const pointsOf = (record: PageRecord): readonly ErrorPoint[] => ofRecord.get(record) ?? [];
  const rows = data.records.flatMap(pointsOf);
  if (rows.length === 0) return undefined;
  const height = view.axes === 'roc' ? (rate: number) => rate : (rate: number) => Math.max(detFloor, 1 - rate);
  return chartPanel<'line', ErrorPoint>({
    title: view.title,
    hint: view.hint,
    selection,
    draw: () => {
      const records = selection.shown((record) => pointsOf(record).length > 0);
      if (records.length === 0) return undefined;
      const shown = records.flatMap(pointsOf);
      const style = (record: PageRecord) => seriesStyle(themeColour, seriesIndex(data.records, record));
      return {
        summary: records.map((record) => `${record.key} ${record.label}: ${inWords(pointsOf(record))}`).join('; '),
        records,
        config: {
          type: 'line',
          data: {
            datasets: records.map((record) => {
              const { colour, dash, shape } = style(record);
              const points = pointsOf(record);
              return {
                label: record.label,
                data: points.map(({ falseRate, trueRate }) => ({ x: falseRate, y: height(trueRate) })),
                borderColor: colour,
                backgroundColor: colour,
                borderDash: [...dash],
                borderWidth: 2,
                pointRadius: points.map(({ target }) => (target === undefined ? 0 : 4)),
                pointStyle: shape,
              };
            }),
          },
          options: {
            scales: {
              x: logAxis(themeColour, view.rates.falseRate, power, falseBounds(shown)),
              y: view.axes === 'roc' ? rocAxis(view.rates.trueRate, shown) : detAxis(view.rates.missRate, shown),
            },
            plugins: {
              tooltip: {
                callbacks: {
                  label: ({ dataset, parsed }) =>
                    `${dataset.label}: ${formatPoints(parsed.y ?? 0)} at ${(parsed.x ?? 0).toExponential(2)}`,
                },
              },
            },
          },
          plugins: [
            whiskerPlugin(
              shown.flatMap(({ record, falseRate, trueRate, interval }) =>
                interval === undefined
                  ? []
                  : [
                      {
                        x: falseRate,
                        y: height(trueRate),
                        yInterval: [height(interval[0]), height(interval[1])] as const,
                        colour: style(record).colour,
                      },
                    ],
              ),
            ),
          ],
        },
      };
    },
    rows,
    columns: [
      {
        heading: 'Record',
        value: ({ record }) => `${record.key} ${record.label}`,
        show: ({ record }) => recordLink(data, record),
      },
      { heading: 'Target', value: ({ target }) => target ?? '' },
      {
        heading: view.rates.falseRate,
        numeric: true,
        value: ({ falseRate }) => falseRate,
        show: ({ falseRate }) => falseRate.toExponential(3),
      },
      {
        heading: view.rates.trueRate,
        numeric: true,
        value: ({ trueRate }) => trueRate,
        show: ({ trueRate }) => formatPoints(trueRate),
      },
      {
        heading: view.rates.missRate,
        numeric: true,
        value: ({ trueRate }) => 1 - trueRate,
        show: ({ trueRate }) => formatPoints(1 - trueRate),
      },
    ],
  });
}

/** The reported points of a record; of a bare curve its last point. */
function inWords(points: readonly ErrorPoint[]): string {
  const reported = points.filter(({ target }) => target !== undefined);
  return (reported.length > 0 ? reported : points.slice(-1))
    .map(({ trueRate, falseRate, target }) => `${formatPoints(trueRate)} at ${target ?? falseRate.toExponential(0)}`)
    .join(', ');
}

/** From just below the lowest reported false rate to just above the highest; of bare curves, all of them. */
function falseBounds(points: readonly ErrorPoint[]): { min: number; max: number } {
  const reported = points.filter(({ target }) => target !== undefined);
  const rates = (reported.length > 0 ? reported : points).map(({ falseRate }) => falseRate);
  return { min: Math.min(...rates) / 2, max: Math.min(1, Math.max(...rates) * 2) };
}

/** From the twentieth below the lowest reported rate up to 1. */
function rocAxis(text: string, points: readonly ErrorPoint[]) {
  const lowest = Math.min(...visible(points).map(({ trueRate, interval }) => interval?.[0] ?? trueRate));
  return percentAxis(themeColour, text, { min: Math.max(0, Math.floor(lowest * 20 - 1) / 20), max: 1 });
}

/** From the power of ten below the lowest share of misses up to 1. */
function detAxis(text: string, points: readonly ErrorPoint[]) {
  const misses = visible(points).map(({ trueRate, interval }) => 1 - (interval?.[1] ?? trueRate));
  const lowest = Math.max(detFloor, Math.min(0.1, ...misses.filter((miss) => miss > 0)));
  const min = 10 ** Math.floor(Math.log10(lowest));
  return logAxis(themeColour, text, (value) => `${Number((value * 100).toPrecision(1))} %`, { min, max: 1 });
}

function visible(points: readonly ErrorPoint[]): ErrorPoint[] {
  const { min, max } = falseBounds(points);
  return points.filter(({ falseRate }) => falseRate >= min && falseRate <= max);
}
