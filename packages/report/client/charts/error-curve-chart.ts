import type { Interval } from '@retinabench/results';
import { formatPoints } from '../../src/format/number.js';
import type { PageRecord } from '../../src/page/page-data.js';
import { logAxis, percentAxis } from '../axes.js';
import type { ChartDrawing } from '../chart-panel.js';
import type { ChartColours, ColourOf } from '../palette.js';
import { type Whisker, whiskerPlugin } from '../whiskers.js';

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

/** What an error curve is drawn from. */
export interface ErrorCurveInput {
  /** `roc` draws the true rate on a linear axis, `det` the misses on a logarithmic one. */
  readonly axes: 'roc' | 'det';
  readonly rates: ErrorRates;
  /** The points of each record that is shown, by false rate ascending; at least one record and no empty list. */
  readonly curves: ReadonlyMap<PageRecord, readonly ErrorPoint[]>;
  readonly colours: ChartColours;
}

/** A DET axis cannot show zero: an error rate below this is drawn at it. */
const detFloor = 1e-6;

/** True rate, or misses, against false rate on a logarithmic axis: a line per record, its reported points marked. */
export function errorCurveChart(input: ErrorCurveInput): ChartDrawing<'line'> {
  const { axes, rates, curves, colours } = input;
  const points = [...curves.values()].flat();
  const height = heightOf(axes);
  return {
    summary: [...curves].map(([{ key, label }, own]) => `${key} ${label}: ${inWords(own)}`).join('; '),
    config: {
      type: 'line',
      data: {
        datasets: [...curves].map(([record, own]) => {
          const { colour, dash, shape } = colours.styleOf(record);
          return {
            label: record.label,
            data: own.map(({ falseRate, trueRate }) => ({ x: falseRate, y: height(trueRate) })),
            borderColor: colour,
            backgroundColor: colour,
            borderDash: [...dash],
            borderWidth: 2,
            pointRadius: own.map(({ target }) => (target === undefined ? 0 : 4)),
            pointStyle: shape,
          };
        }),
      },
      options: {
        scales: {
          x: logAxis(colours.colourOf, rates.falseRate, power, falseBounds(points)),
          y:
            axes === 'roc'
              ? rocAxis(colours.colourOf, rates.trueRate, points)
              : detAxis(colours.colourOf, rates.missRate, points),
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
      plugins: [whiskerPlugin(errorWhiskers(input))],
    },
  };
}

/** The intervals of the points that have one. */
export function errorWhiskers({ axes, curves, colours }: ErrorCurveInput): Whisker[] {
  const height = heightOf(axes);
  return [...curves].flatMap(([record, own]) =>
    own.flatMap(({ falseRate, trueRate, interval }) =>
      interval === undefined
        ? []
        : [
            {
              x: falseRate,
              y: height(trueRate),
              yInterval: [height(interval[0]), height(interval[1])] as const,
              colour: colours.styleOf(record).colour,
            },
          ],
    ),
  );
}

function heightOf(axes: 'roc' | 'det'): (trueRate: number) => number {
  return axes === 'roc' ? (rate) => rate : (rate) => Math.max(detFloor, 1 - rate);
}

function power(value: number): string {
  return value.toExponential(0).replace('e-', 'e−').replace('e+', 'e');
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
function rocAxis(colourOf: ColourOf, text: string, points: readonly ErrorPoint[]) {
  const lowest = Math.min(...visible(points).map(({ trueRate, interval }) => interval?.[0] ?? trueRate));
  return percentAxis(colourOf, text, { min: Math.max(0, Math.floor(lowest * 20 - 1) / 20), max: 1 });
}

/** From the power of ten below the lowest share of misses up to 1. */
function detAxis(colourOf: ColourOf, text: string, points: readonly ErrorPoint[]) {
  const misses = visible(points).map(({ trueRate, interval }) => 1 - (interval?.[1] ?? trueRate));
  const lowest = Math.max(detFloor, Math.min(0.1, ...misses.filter((miss) => miss > 0)));
  const min = 10 ** Math.floor(Math.log10(lowest));
  return logAxis(colourOf, text, (value) => `${Number((value * 100).toPrecision(1))} %`, { min, max: 1 });
}

function visible(points: readonly ErrorPoint[]): ErrorPoint[] {
  const { min, max } = falseBounds(points);
  return points.filter(({ falseRate }) => falseRate >= min && falseRate <= max);
}
