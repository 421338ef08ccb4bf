import type { MatrixCellResult } from '@retinabench/results';
import type { PageRecord } from '../../src/page/page-data.js';
import { percentAxis } from '../axes.js';
import type { ChartDrawing } from '../chart-panel.js';
import { type ColourOf, seriesStyle } from '../palette.js';

/** One number of a combination. */
export interface MatrixRow {
  readonly record: PageRecord;
  readonly cell: MatrixCellResult;
  /** Of the number: `ap.hard`. */
  readonly name: string;
  readonly value: number;
}

/** Every number of the matrices among records. */
export function matrixRows(records: readonly PageRecord[]): MatrixRow[] {
  return records.flatMap((record) =>
    (record.matrix ?? []).flatMap((cell) =>
      Object.entries(cell.values ?? {}).map(([name, value]) => ({ record, cell, name, value })),
    ),
  );
}

/** How to read the chart: what a size costs is said only where a detector was run at several. */
export function matrixHint(rows: readonly MatrixRow[]): string {
  const sizes = new Map<string, Set<string>>();
  for (const row of rows) {
    const detector = detectorOf(row);
    sizes.set(detector, (sizes.get(detector) ?? new Set()).add(row.cell.scale));
  }
  const several = [...sizes.values()].some(({ size }) => size > 1);
  return `One line per model and backend${several ? '; small faces are lost at small sizes, large ones at large' : ''}.`;
}

/**
 * One number against the size of the input: a line for each model on a backend, scales in the order of the matrix.
 *
 * @param rows of one number.
 */
export function matrixChart(rows: readonly MatrixRow[], name: string, colourOf: ColourOf): ChartDrawing<'line'> {
  const scales = [...new Set(rows.map(({ cell }) => cell.scale))];
  const detectors = [...new Set(rows.map(detectorOf))];
  return {
    summary: detectors.map((detector) => inWords(detector, rows)).join(' '),
    config: {
      type: 'line',
      data: {
        labels: scales,
        datasets: detectors.map((detector, index) => {
          const { colour, shape, dash } = seriesStyle(colourOf, index);
          const own = new Map(rows.filter((row) => detectorOf(row) === detector).map((row) => [row.cell.scale, row]));
          return {
            label: detector,
            data: scales.map((scale) => own.get(scale)?.value ?? null),
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
        scales: { x: { type: 'category' }, y: percentAxis(colourOf, name, {}) },
        plugins: {
          tooltip: { callbacks: { label: ({ dataset, raw }) => `${dataset.label}: ${percent(Number(raw))}` } },
        },
      },
    },
  };
}

/** A number from 0 to 1 as percent. */
export function percent(value: number): string {
  return `${(value * 100).toFixed(2)} %`;
}

function detectorOf({ record, cell }: MatrixRow): string {
  return [cell.model, cell.backend, record.dataset?.name, cell.perturb]
    .filter((part) => part !== undefined)
    .join(' · ');
}

function inWords(detector: string, rows: readonly MatrixRow[]): string {
  const own = rows.filter((row) => detectorOf(row) === detector);
  const best = own.reduce((a, b) => (b.value > a.value ? b : a));
  return `${detector}: best ${percent(best.value)} at ${best.cell.scale}, of ${own.length} ${own.length === 1 ? 'size' : 'sizes'}.`;
}
