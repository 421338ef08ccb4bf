import { isRetinaBenchError } from '@retinabench/core';
import { pairedDetectionDifference, type ResultRecord } from '@retinabench/results';
import type { MatrixCell } from '../detection/matrix.js';
import { type Column, renderTable } from '../terminal/table.js';

const columns: readonly Column[] = [
  { heading: 'detector' },
  { heading: 'AP', numeric: true },
  { heading: '95 % interval', numeric: true },
  { heading: 'to the first, or clean', numeric: true },
  { heading: '95 % of it', numeric: true },
  { heading: 'AP50', numeric: true },
  { heading: 'F1', numeric: true },
  { heading: 'ms an image', numeric: true },
];

/** One line of the table. */
export interface NamedCell {
  readonly cell: MatrixCell;
  readonly name: string;
  /** Whether another cell is compared with this one. */
  readonly isBaselineOf: (other: MatrixCell) => boolean;
  /** The record, or why there is none. */
  readonly outcome: { readonly record: ResultRecord } | string;
}

/**
 * All detectors of a matrix in one table: AP with interval, and its paired difference over the same images to the first, or,
 * on corrupted images, to the same detector on the images as they are.
 */
export function formatCells(cells: readonly NamedCell[]): string {
  const rows = cells.map(({ cell, name, outcome }) => {
    if (typeof outcome === 'string') return [name, 'failed', '', '', '', '', '', ''];
    const { detection, latencyMs } = outcome.record;
    const [ap, interval] = [detection?.values.ap, detection?.interval?.ap];
    const first = cells.find((other) => other.isBaselineOf(cell))?.outcome;
    const difference =
      first === undefined || typeof first === 'string' || first === outcome
        ? undefined
        : differenceOf(first.record, outcome.record);
    return [
      name,
      ap?.toFixed(4) ?? '-',
      interval === undefined ? '-' : interval.map((bound) => bound.toFixed(4)).join(' .. '),
      difference === undefined ? '-' : signed(difference.difference),
      difference === undefined ? '-' : difference.interval.map(signed).join(' .. '),
      detection?.values.ap50?.toFixed(4) ?? '-',
      detection?.values.f1?.toFixed(4) ?? '-',
      latencyMs?.detect?.median.toFixed(1) ?? '-',
    ];
  });
  return renderTable(columns, rows);
}

/** Settings of detection differ within a matrix on purpose; what is measured does not. */
function differenceOf(first: ResultRecord, record: ResultRecord): ReturnType<typeof pairedDetectionDifference> {
  try {
    return pairedDetectionDifference(first, { ...record, protocol: first.protocol }, 'ap');
  } catch (error) {
    if (isRetinaBenchError(error)) return undefined;
    throw error;
  }
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(4)}`;
}
