import type { PageRecord } from '../../src/page/page-data.js';
import { axis } from '../axes.js';
import type { ChartDrawing } from '../chart-panel.js';
import { type ChartColours, translucent } from '../palette.js';

/** A named number of a record. */
export interface TermRow {
  readonly record: PageRecord;
  readonly term: string;
  readonly value: number;
}

/** What a chart of terms is drawn from. */
export interface TermInput {
  readonly axisTitle: string;
  /** The terms of each record that is shown, in the order of the bars; at least one record. */
  readonly terms: ReadonlyMap<PageRecord, readonly TermRow[]>;
  readonly format: (value: number) => string;
  readonly colours: ChartColours;
}

/** Named numbers of several records, a group of bars a term; a term that a record lacks is left empty. */
export function termChart({ axisTitle, terms, format, colours }: TermInput): ChartDrawing<'bar'> {
  const names = [...new Set([...terms.values()].flat().map(({ term }) => term))];
  return {
    summary: [...terms]
      .map(
        ([{ key, label }, own]) =>
          `${key} ${label}: ${own.map(({ term, value }) => `${term} ${format(value)}`).join(', ')}`,
      )
      .join('; '),
    config: {
      type: 'bar',
      data: {
        labels: names,
        datasets: [...terms].map(([record, own]) => {
          const { colour, shape, fill } = colours.styleOf(record);
          return {
            label: record.label,
            data: names.map((name) => own.find(({ term }) => term === name)?.value ?? null),
            backgroundColor: translucent(colour, fill),
            borderColor: colour,
            borderWidth: 1,
            borderRadius: 3,
            pointStyle: shape,
          };
        }),
      },
      options: {
        interaction: { mode: 'index', intersect: false },
        scales: {
          x: { type: 'category' },
          y: { ...axis(colours.colourOf, axisTitle), type: 'linear', beginAtZero: true },
        },
        plugins: {
          tooltip: { callbacks: { label: ({ dataset, raw }) => `${dataset.label}: ${format(Number(raw))}` } },
        },
      },
    },
  };
}
