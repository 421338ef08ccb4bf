import type { AccuracyCell, AccuracyColumn, LatencyCell, LatencyColumn } from './decision-table.js';
import { paretoFront } from './pareto.js';
import { isOwn } from './timed.js';

/**
 * The rows that no other beats in time without losing accuracy, or the reverse, under the condition that most rows are
 * timed under.
 *
 * @returns their indices; empty if the table has no accuracy or no times.
 */
export function paretoRows(
  accuracy: readonly Readonly<Record<string, AccuracyCell>>[],
  latency: readonly Readonly<Record<string, LatencyCell>>[],
  deciding: AccuracyColumn | undefined,
  columns: readonly LatencyColumn[],
): Set<number> {
  const condition = mainCondition(latency, columns);
  if (deciding === undefined || condition === undefined) return new Set();
  const sign = deciding.better === 'higher' ? 1 : -1;
  const points = accuracy.flatMap((cells, index) => {
    const [value, time] = [cells[deciding.key]?.value, latency[index][condition.id]?.medianMs];
    return value === undefined || time === undefined ? [] : [{ index, cost: time, value: sign * value }];
  });
  return points.length < 2 ? new Set() : new Set(paretoFront(points).map((place) => points[place].index));
}

/** The condition under which most rows are timed, of equals the first; benches come before what runs took of themselves. */
export function mainCondition(
  latency: readonly Readonly<Record<string, LatencyCell>>[],
  columns: readonly LatencyColumn[],
): LatencyColumn | undefined {
  const count = ({ id }: LatencyColumn): number => latency.filter((cells) => cells[id] !== undefined).length;
  const benches = columns.filter(({ id }) => !isOwn(id));
  return (benches.length > 0 ? benches : columns).reduce<LatencyColumn | undefined>(
    (best, column) => (best !== undefined && count(best) >= count(column) ? best : column),
    undefined,
  );
}
