import type { Interval, MatrixCellResult } from '@retinabench/results';
import { type Column, renderTable } from '../terminal/table.js';

const columnsOf = (isPerturbed: boolean): readonly Column[] => [
  { heading: 'model' },
  { heading: 'backend' },
  { heading: 'scale' },
  ...(isPerturbed ? [{ heading: 'images' }] : []),
  { heading: 'number' },
  { heading: 'value', numeric: true },
  { heading: '95 % interval', numeric: true },
  { heading: isPerturbed ? 'to clean' : 'to the first', numeric: true },
  { heading: '95 % of that, paired', numeric: true },
  { heading: 'ms', numeric: true },
];

/**
 * The combinations of a matrix as a table for a terminal, a line for each number.
 *
 * @param only the number to show; undefined: all.
 */
export function formatMatrix(cells: readonly MatrixCellResult[], only?: string): string {
  const isPerturbed = cells.some(({ perturb }) => perturb !== undefined);
  const rows = cells.flatMap((cell) => {
    const { model, backend, scale, perturb = 'clean', values, interval, difference, detectMs } = cell;
    const head = [model, backend, scale, ...(isPerturbed ? [perturb] : [])];
    if (values === undefined) return [[...head, 'failed', '', '', '', '', '']];
    const ms = detectMs === undefined ? '-' : detectMs.median.toFixed(detectMs.median < 10 ? 2 : 1);
    const names = Object.keys(values).filter((name) => only === undefined || name === only);
    return names.map((name, index) => [
      ...(index === 0 ? head : head.map(() => '')),
      name,
      values[name].toFixed(4),
      bounds(interval?.[name]),
      difference?.[name] === undefined ? '-' : signed(difference[name].value),
      bounds(difference?.[name]?.interval, signed),
      index === 0 ? ms : '',
    ]);
  });
  return renderTable(columnsOf(isPerturbed), rows);
}

function bounds(interval: Interval | undefined, show = (value: number): string => value.toFixed(4)): string {
  return interval === undefined ? '-' : interval.map(show).join(' .. ');
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(4)}`;
}
