import type { ResultRecord } from '@retinabench/results';
import { type ComparedNumber, compareNumber } from '../compare/compare-records.js';
import { controlMarks } from '../compare/control-marks.js';
import type { PairedDifference } from '../difference/difference-interval.js';
import { differsBeside } from '../gate/detector.js';
import { caveatOfColumn, readColumn } from './accuracy-columns.js';
import type { AccuracyCell, AccuracyColumn } from './decision-table.js';
import type { JoinedRow } from './join-rows.js';

/**
 * The accuracies of all rows: each against the baseline, with marks that are held together for the whole table
 * (`controlMarks`), and beside the best of its column.
 *
 * @returns by row, by key of the column.
 */
export function accuracyCells(
  rows: readonly JoinedRow[],
  columns: readonly AccuracyColumn[],
  baseline: JoinedRow,
  pairedApDifference: PairedDifference,
): Record<string, AccuracyCell>[] {
  const compare = comparison(pairedApDifference);
  const against = controlMarks(
    rows.map(({ member }) =>
      member === undefined || baseline.member === undefined || member === baseline.member
        ? []
        : columns.flatMap(({ key }) => compare(baseline.member?.record ?? member.record, member.record, key) ?? []),
    ),
  );
  const bests = new Map(columns.map((column) => [column.key, bestRow(rows, column)]));
  return rows.map((row, index) =>
    Object.fromEntries(
      columns.flatMap(({ key }): [string, AccuracyCell][] => {
        const record = row.member?.record;
        if (record === undefined) return [];
        const { value, interval } = readColumn(record, key);
        if (value === undefined) return [];
        const compared = against[index].find((number) => number.key === key);
        const caveat = caveatOfColumn(record, key);
        const cell = {
          value,
          ...(caveat === undefined ? {} : { caveat }),
          ...(interval === undefined ? {} : { interval }),
          ...(compared === undefined ? {} : { difference: differenceOf(compared) }),
          ...standingOf(row, record, bests.get(key), key, compare),
        };
        return [[key, cell]];
      }),
    ),
  );
}

type Compare = (baseline: ResultRecord, record: ResultRecord, key: string) => ComparedNumber | undefined;

/** Detectors of two cards are compared as wholes, scored alike; what else differs is another protocol. */
function comparison(pairedApDifference: PairedDifference): Compare {
  const known = new Map<ResultRecord, Map<ResultRecord, ResultRecord>>();
  return (baseline, record, key) => {
    if (differsBeside(baseline, record).length > 0) return compareNumber(baseline, record, key, pairedApDifference);
    const alike = known.get(baseline) ?? new Map<ResultRecord, ResultRecord>();
    known.set(baseline, alike);
    const scored = alike.get(record) ?? { ...record, protocol: baseline.protocol };
    alike.set(record, scored);
    return compareNumber(baseline, scored, key, pairedApDifference);
  };
}

function differenceOf({
  difference = 0,
  interval,
  mark,
  needed,
}: ComparedNumber): NonNullable<AccuracyCell['difference']> {
  return {
    value: difference,
    ...(interval === undefined ? {} : { interval }),
    mark,
    ...(needed === undefined ? {} : { needed }),
  };
}

/** The row with the best value; a TAR that too few pairs decide is none. */
function bestRow(rows: readonly JoinedRow[], { key, better }: AccuracyColumn): JoinedRow | undefined {
  const sign = better === 'higher' ? 1 : -1;
  let best: { readonly row: JoinedRow; readonly value: number } | undefined;
  for (const row of rows) {
    const record = row.member?.record;
    const value = record === undefined ? undefined : readColumn(record, key).value;
    if (record === undefined || value === undefined || caveatOfColumn(record, key) !== undefined) continue;
    if (best === undefined || sign * (value - best.value) > 0) best = { row, value };
  }
  return best?.row;
}

function standingOf(
  row: JoinedRow,
  record: ResultRecord,
  best: JoinedRow | undefined,
  key: string,
  compare: Compare,
): Pick<AccuracyCell, 'standing' | 'needed'> {
  if (best?.member === undefined) return {};
  if (row === best) return { standing: 'best' };
  const compared = compare(best.member.record, record, key);
  if (compared?.mark === 'same') return { standing: 'same' };
  if (compared?.mark !== 'not told apart') return {};
  return { standing: 'alike', ...(compared.needed === undefined ? {} : { needed: compared.needed }) };
}
