import { intervalOfMedian } from '../difference/interval-of-difference.js';
import type { LatencyCell, LatencyColumn } from './decision-table.js';
import type { JoinedRow } from './join-rows.js';
import { timeRatio } from './time-ratio.js';
import type { Timed } from './timed.js';

/**
 * The times of all rows: each as a ratio to the baseline's, and beside the shortest of its column. Only times of one
 * condition are compared.
 *
 * @returns by row, by id of the column.
 */
export function latencyCells(
  rows: readonly JoinedRow[],
  columns: readonly LatencyColumn[],
  baseline: JoinedRow,
): Record<string, LatencyCell>[] {
  const cells = rows.map((): Record<string, LatencyCell> => ({}));
  for (const { id } of columns) {
    const timeOf = ({ times }: JoinedRow): Timed | undefined => times.find(({ condition }) => condition === id);
    const fastest = rows
      .flatMap((row) => timeOf(row) ?? [])
      .reduce<Timed | undefined>((a, b) => (a !== undefined && a.total.median <= b.total.median ? a : b), undefined);
    const reference = timeOf(baseline);
    rows.forEach((row, index) => {
      const time = timeOf(row);
      if (time === undefined || fastest === undefined) return;
      cells[index][id] = {
        key: time.key,
        medianMs: time.total.median,
        interval: intervalOfMedian(time.total),
        repetitions: time.total.n,
        ...(reference === undefined || row === baseline ? {} : { ratio: ratioOf(reference, time) }),
        ...standingOf(time, fastest),
      };
    });
  }
  return cells;
}

function ratioOf(reference: Timed, time: Timed): NonNullable<LatencyCell['ratio']> {
  const { value, interval, paired } = timeRatio(reference, time);
  return { value, interval, paired };
}

function standingOf(time: Timed, fastest: Timed): Pick<LatencyCell, 'standing' | 'needed'> {
  if (time === fastest) return { standing: 'best' };
  const { interval, needed } = timeRatio(fastest, time);
  if (interval[0] > 1) return {};
  return { standing: 'alike', ...(needed === undefined ? {} : { needed }) };
}
