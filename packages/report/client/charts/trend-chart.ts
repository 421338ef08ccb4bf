import type { BaselineEntry } from '../../src/baseline/history.js';
import { familyOf } from '../../src/gate/family-of.js';
import { axis } from '../axes.js';
import type { ChartDrawing } from '../chart-panel.js';
import { type ColourOf, seriesStyle } from '../palette.js';

/** One number of an accepted baseline. */
export interface TrendRow {
  readonly entry: BaselineEntry;
  /** Of its gate rule: `ap.hard`. */
  readonly key: string;
  readonly value: number;
}

/**
 * One number of the accepted baselines over time, a line for each model, backend, data set and protocol.
 *
 * @param rows of one key, in the order in which they were accepted.
 */
export function trendChart(rows: readonly TrendRow[], key: string, colourOf: ColourOf): ChartDrawing<'line'> {
  const names = [...new Set(rows.map(({ entry }) => conditionsOf(entry)))];
  const times = [...new Set(rows.map(({ entry }) => entry.acceptedAt))].sort();
  const family = familyOf(key)?.family;
  const format = family?.format ?? String;
  return {
    summary: inWords(rows, format),
    config: {
      type: 'line',
      data: {
        labels: times.map((time) => dayAndCommit(time, rows)),
        datasets: names.map((name, index) => {
          const { colour, shape, dash } = seriesStyle(colourOf, index);
          const own = new Map(
            rows
              .filter(({ entry }) => conditionsOf(entry) === name)
              .map(({ entry, value }) => [entry.acceptedAt, value]),
          );
          return {
            label: name,
            data: times.map((time) => own.get(time) ?? null),
            borderColor: colour,
            backgroundColor: colour,
            borderDash: [...dash],
            pointStyle: shape,
            pointRadius: 5,
            spanGaps: true,
          };
        }),
      },
      options: {
        scales: {
          x: { type: 'category' },
          y: { ...axis(colourOf, key), type: 'linear', ticks: { callback: (value) => format(Number(value)) } },
        },
        plugins: {
          tooltip: { callbacks: { label: ({ dataset, raw }) => `${dataset.label}: ${format(Number(raw))}` } },
        },
      },
    },
  };
}

/** What must be equal for two baselines to be points of one line. */
export function conditionsOf({ model, kind, backend, dataset, protocolId }: BaselineEntry): string {
  return [model ?? kind, backend, dataset, protocolId].filter((part) => part !== undefined).join(' · ');
}

/** The day on which a baseline was accepted and, below it, the commit that it was of. */
function dayAndCommit(time: string, rows: readonly TrendRow[]): string | string[] {
  const commit = rows.find(({ entry }) => entry.acceptedAt === time)?.entry.commit;
  const day = time.slice(0, 10);
  return commit === undefined ? day : [day, commit.slice(0, 7)];
}

function inWords(rows: readonly TrendRow[], format: (value: number) => string): string {
  const last = rows.at(-1);
  if (last === undefined) return '';
  const { entry, value } = last;
  return `${rows.length} baselines; the last, by ${entry.by} on ${entry.acceptedAt.slice(0, 10)}: ${format(value)} (${entry.why}).`;
}
