import type { TarAtFar } from '@retinabench/core';
import { formatPoints } from '../../src/format/number.js';
import type { PageRecord } from '../../src/page/page-data.js';
import { chartPanel } from '../chart-panel.js';
import { logAxis, percentAxis } from '../chart-style.js';
import { seriesIndex, seriesStyle } from '../palette.js';
import type { Selection } from '../selection.js';
import { recordLink } from '../source-note.js';
import { whiskerPlugin } from '../whiskers.js';

interface Row {
  readonly record: PageRecord;
  readonly target: string;
  readonly point: TarAtFar;
}

/** A DET axis cannot show zero: an error rate below this is drawn at it. */
const detFloor = 1e-4;

const farAxis = (text: string) =>
  logAxis(text, (value) => value.toExponential(0).replace('e-', 'e−'), { min: 5e-7, max: 0.2 });

/** ROC: true acceptance against false acceptance on a logarithmic axis, at the FAR that was achieved. */
export function rocPanel(selection: Selection): HTMLElement | undefined {
  return errorPanel(selection, {
    title: 'ROC',
    hint: 'Up is better. Points stand at the false acceptance rate that was achieved, not at the target; bars are 95 % intervals.',
    y: (tar) => tar,
    yAxis: (lowest) =>
      percentAxis('True acceptance rate', { min: Math.max(0, Math.floor(lowest * 20 - 1) / 20), max: 1 }),
  });
}

/** DET: false rejection against false acceptance, both logarithmic. */
export function detPanel(selection: Selection): HTMLElement | undefined {
  return errorPanel(selection, {
    title: 'DET',
    hint: 'Down is better. The same points as false rejections, both axes logarithmic, which spreads the good detectors apart.',
    y: (tar) => Math.max(detFloor, 1 - tar),
    yAxis: () =>
      logAxis('False rejection rate', (value) => `${Number((value * 100).toPrecision(1))} %`, {
        min: detFloor,
        max: 1,
      }),
  });
}

interface ErrorView {
  readonly title: string;
  readonly hint: string;
  readonly y: (tar: number) => number;
  readonly yAxis: (lowest: number) => ReturnType<typeof logAxis> | ReturnType<typeof percentAxis>;
}

function errorPanel(selection: Selection, view: ErrorView): HTMLElement | undefined {
  const { data } = selection;
  const rowsOf = (record: PageRecord): Row[] =>
    Object.entries(record.tar ?? {})
      .map(([target, point]) => ({ record, target, point }))
      .filter(({ point }) => point.achievedFar > 0)
      .sort((a, b) => a.point.achievedFar - b.point.achievedFar);
  const rows = data.records.flatMap(rowsOf);
  if (rows.length === 0) return undefined;
  return chartPanel<'line', Row>({
    title: view.title,
    hint: view.hint,
    selection,
    draw: () => {
      const records = selection.shown((record) => rowsOf(record).length > 0);
      if (records.length === 0) return undefined;
      const lowest = Math.min(...records.flatMap(rowsOf).map(({ point }) => point.interval?.[0] ?? point.tar));
      const style = (record: PageRecord) => seriesStyle(seriesIndex(data.records, record));
      const whiskers = records.flatMap((record) =>
        rowsOf(record).flatMap(({ point }) =>
          point.interval === undefined
            ? []
            : [
                {
                  x: point.achievedFar,
                  y: view.y(point.tar),
                  yInterval: [view.y(point.interval[0]), view.y(point.interval[1])] as const,
                  colour: style(record).colour,
                },
              ],
        ),
      );
      return {
        summary: records
          .map((record) => {
            const points = rowsOf(record).map(({ target, point }) => `${formatPoints(point.tar)} at ${target}`);
            return `${record.key} ${record.label}: ${points.join(', ')}`;
          })
          .join('; '),
        records,
        config: {
          type: 'line',
          data: {
            datasets: records.map((record) => {
              const { colour, dash, shape } = style(record);
              return {
                label: record.label,
                data: rowsOf(record).map(({ point }) => ({ x: point.achievedFar, y: view.y(point.tar) })),
                borderColor: colour,
                backgroundColor: colour,
                borderDash: [...dash],
                borderWidth: 2,
                pointRadius: 4,
                pointStyle: shape,
              };
            }),
          },
          options: {
            scales: { x: farAxis('False acceptance rate'), y: view.yAxis(lowest) },
            plugins: {
              tooltip: {
                callbacks: {
                  label: ({ dataset, parsed }) =>
                    `${dataset.label}: ${formatPoints(parsed.y ?? 0)} at FAR ${(parsed.x ?? 0).toExponential(2)}`,
                },
              },
            },
          },
          plugins: [whiskerPlugin(whiskers)],
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
      { heading: 'Target FAR', value: ({ target }) => target },
      {
        heading: 'Achieved FAR',
        numeric: true,
        value: ({ point }) => point.achievedFar,
        show: ({ point }) => point.achievedFar.toExponential(3),
      },
      { heading: 'TAR', numeric: true, value: ({ point }) => point.tar, show: ({ point }) => formatPoints(point.tar) },
      {
        heading: 'False rejection',
        numeric: true,
        value: ({ point }) => 1 - point.tar,
        show: ({ point }) => formatPoints(1 - point.tar),
      },
    ],
  });
}
