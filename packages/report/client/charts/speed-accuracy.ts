import { formatCount, formatMs, formatPoints, significant } from '../../src/format/number.js';
import type { PageRecord, SpeedPoint } from '../../src/page/page-data.js';
import { paretoFront } from '../../src/page/pareto.js';
import { chartPanel, labelledSelect } from '../chart-panel.js';
import { logAxis, percentAxis } from '../chart-style.js';
import { seriesIndex, seriesStyle, translucent } from '../palette.js';
import { pointLabelPlugin } from '../point-labels.js';
import type { Selection } from '../selection.js';
import { recordLink } from '../source-note.js';
import { themeColour } from '../theme.js';
import { whiskerPlugin } from '../whiskers.js';

type Split = 'easy' | 'medium' | 'hard';

interface Shown {
  readonly point: SpeedPoint;
  readonly record: PageRecord;
  readonly ap: number;
  readonly interval?: readonly [number, number];
}

/** AP against time: the chart by which a detector is chosen. */
export function speedAccuracyPanel(selection: Selection): HTMLElement | undefined {
  const { data } = selection;
  if (data.speed.length === 0) return undefined;
  const split = labelledSelect('AP', ['easy', 'medium', 'hard'], 'hard');
  const recordOf = (key: string): PageRecord => data.records.find((record) => record.key === key) ?? data.records[0];

  const shown = (): Shown[] => {
    const on = selection.shown(() => true);
    return data.speed.flatMap((point) => {
      const ap = point.ap?.[split.value as Split];
      const record = on.find(({ key }) => key === point.key);
      if (ap === undefined || record === undefined) return [];
      const interval = point.interval?.[split.value as Split];
      return [{ point, record, ap, ...(interval === undefined ? {} : { interval }) }];
    });
  };
  const rows = data.speed.map((point) => ({ point, record: recordOf(point.key) }));

  return chartPanel<'bubble' | 'line', (typeof rows)[number]>({
    title: 'Speed and accuracy',
    hint: 'Up and to the left is better. Bars are 95 % intervals, the dashed line is the Pareto front, the area of a bubble the number of parameters.',
    selection,
    controls: [split],
    showSummary: true,
    draw: () => {
      const points = shown();
      if (points.length === 0) return undefined;
      const front = paretoFront(points.map(({ point, ap }) => ({ cost: point.latencyMs, value: ap })));
      const radii = points.map(({ point }) => radius(point, points));
      const style = (entry: Shown) => seriesStyle(seriesIndex(data.records, entry.record));
      const bounds = xBounds(points);
      return {
        summary: summarise(points, front),
        records: [...new Set(points.flatMap(({ point }) => [recordOf(point.key), recordOf(point.latencyKey)]))],
        config: {
          type: 'bubble',
          data: {
            datasets: [
              ...points.map((entry, index) => ({
                type: 'bubble' as const,
                label: entry.point.label,
                data: [{ x: entry.point.latencyMs, y: entry.ap, r: radii[index] }],
                backgroundColor: translucent(style(entry).colour, 0.55),
                borderColor: style(entry).colour,
                borderWidth: 1.5,
                clip: false as const,
              })),
              {
                type: 'line' as const,
                label: 'Pareto front',
                data: front.map((index) => ({ x: points[index].point.latencyMs, y: points[index].ap })),
                borderColor: themeColour('text-soft'),
                borderDash: [6, 4],
                borderWidth: 1.5,
                pointRadius: 0,
                pointHitRadius: 0,
                stepped: 'before' as const,
              },
            ],
          },
          options: {
            scales: {
              x: logAxis('Total latency per image, median, ms', String, bounds, [1, 1.5, 2, 3, 4, 5, 6, 8]),
              y: percentAxis(`AP ${split.value}`, yBounds(points)),
            },
            plugins: {
              legend: { display: false },
              tooltip: {
                callbacks: {
                  label: ({ datasetIndex }) =>
                    points[datasetIndex] === undefined ? '' : describe(points[datasetIndex]),
                },
              },
            },
          },
          plugins: [
            whiskerPlugin(
              points.map((entry) => ({
                x: entry.point.latencyMs,
                y: entry.ap,
                xInterval: entry.point.latencyInterval,
                ...(entry.interval === undefined ? {} : { yInterval: entry.interval }),
                colour: style(entry).colour,
              })),
            ),
            pointLabelPlugin(
              points.map((entry, index) => ({
                x: entry.point.latencyMs,
                y: entry.ap,
                radiusPx: radii[index],
                ...(entry.interval === undefined ? {} : { yInterval: entry.interval }),
                text: entry.point.label,
              })),
            ),
          ],
        },
      };
    },
    rows,
    columns: [
      {
        heading: 'Record',
        value: ({ point }) => `${point.key} ${point.label}`,
        show: ({ record }) => recordLink(data, record),
      },
      {
        heading: 'Time from',
        value: ({ point }) => point.latencyKey,
        show: ({ point }) => recordLink(data, recordOf(point.latencyKey)),
      },
      {
        heading: 'Total ms',
        numeric: true,
        value: ({ point }) => point.latencyMs,
        show: ({ point }) => significant(point.latencyMs),
      },
      {
        heading: 'Total low',
        numeric: true,
        value: ({ point }) => point.latencyInterval[0],
        show: ({ point }) => significant(point.latencyInterval[0]),
      },
      {
        heading: 'Total high',
        numeric: true,
        value: ({ point }) => point.latencyInterval[1],
        show: ({ point }) => significant(point.latencyInterval[1]),
      },
      ...(['easy', 'medium', 'hard'] as const).map((name) => ({
        heading: `AP ${name}`,
        numeric: true,
        value: ({ point }: (typeof rows)[number]) => point.ap?.[name],
        show: ({ point }: (typeof rows)[number]) =>
          point.ap?.[name] === undefined ? '' : formatPoints(point.ap[name]),
      })),
      {
        heading: 'Parameters',
        numeric: true,
        value: ({ point }) => point.parameters,
        show: ({ point }) => (point.parameters === undefined ? '' : formatCount(point.parameters)),
      },
    ],
  });
}

/** 5 to 22 pixels, the area in proportion to the parameters; 7 where they are not known. */
function radius(point: SpeedPoint, all: readonly Shown[]): number {
  const most = Math.max(...all.map((other) => other.point.parameters ?? 0));
  return point.parameters === undefined || most === 0 ? 7 : Math.max(5, 22 * Math.sqrt(point.parameters / most));
}

function xBounds(points: readonly Shown[]): { min: number; max: number } {
  const low = Math.min(...points.map(({ point }) => point.latencyInterval[0] || point.latencyMs));
  const high = Math.max(...points.map(({ point }) => point.latencyInterval[1]));
  return { min: low / 1.6, max: high * 1.6 };
}

function yBounds(points: readonly Shown[]): { min: number; max: number } {
  const low = Math.min(...points.map(({ ap, interval }) => interval?.[0] ?? ap));
  const high = Math.max(...points.map(({ ap, interval }) => interval?.[1] ?? ap));
  const room = Math.max(0.02, (high - low) * 0.2);
  return { min: Math.max(0, Math.floor((low - room) * 50) / 50), max: Math.min(1, Math.ceil((high + room) * 50) / 50) };
}

function describe({ point, ap }: Shown): string {
  const size = point.parameters === undefined ? '' : `, ${formatCount(point.parameters)} parameters`;
  return `${point.label}: ${formatPoints(ap)}, ${formatMs(point.latencyMs)}${size}`;
}

function summarise(points: readonly Shown[], front: readonly number[]): string {
  const names = front.map((index) => describe(points[index]));
  return `${points.length} detectors; on the Pareto front: ${names.join('; ')}.`;
}
