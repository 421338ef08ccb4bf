import path from 'node:path';
import { canonicalJson } from '@retinabench/core';
import { pairedApDifferences } from '@retinabench/report';
import {
  type MatrixCellResult,
  type ProtocolSettings,
  protocolId,
  type ResultRecord,
  type Split,
  splits,
} from '@retinabench/results';
import { formatProtocol } from '../record/format-protocol.js';
import { writeRecord } from '../record/write.js';
import { type Output, printResult } from '../terminal/output.js';
import type { TimedCell } from './detection-time.js';
import { type CellOutcome, isBaselineOf, type MatrixCell } from './matrix.js';
import { formatMatrix } from './matrix-table.js';

/** A combination that finished: its record, and how long the detector took. */
export interface RecordedCell extends TimedCell {
  readonly record: ResultRecord;
  readonly file: string;
}

/** How a matrix is shown and where its record goes. */
export interface MatrixPlace {
  /** Folder of the record where no flag names a file. */
  readonly folder: string;
  /** The split to show; undefined: all. */
  readonly split?: Split | undefined;
  readonly out?: string | undefined;
  /** The numbers of a record and how two records differ in them; default: AP of the splits, paired over the images. */
  readonly numbers?: MatrixNumbers;
}

/** The numbers of a kind of record that a matrix compares. */
export interface MatrixNumbers {
  valuesOf(record: ResultRecord): Pick<MatrixCellResult, 'values' | 'interval'>;
  /** @throws {Error} if the two cannot be paired; says why. */
  differenceOf(
    first: ResultRecord,
    record: ResultRecord,
    name: string,
  ): { readonly difference: number; readonly interval: readonly [number, number] } | undefined;
}

/** AP of the splits of WIDER FACE. */
function widerNumbers(): MatrixNumbers {
  const paired = pairedApDifferences();
  const comparable = new Map<ResultRecord, ResultRecord>();
  // The detector is what a matrix varies, its settings with it; how it is scored is the same for all, by the command's flags.
  const alike = (first: ResultRecord, record: ResultRecord): ResultRecord => {
    const known = comparable.get(record) ?? { ...record, protocol: first.protocol };
    comparable.set(record, known);
    return known;
  };
  const named = <Value>(values: Readonly<Partial<Record<Split, Value>>> = {}): Record<string, Value> =>
    Object.fromEntries(
      splits.flatMap((split) => {
        const value = values[split];
        return value === undefined ? [] : [[`ap.${split}`, value]];
      }),
    );
  return {
    valuesOf: ({ ap, interval }) => ({
      values: named(ap),
      ...(interval === undefined ? {} : { interval: named(interval) }),
    }),
    differenceOf: (first, record, name) => paired(first, alike(first, record), name.replace('ap.', '')),
  };
}

/**
 * Write the record of a matrix and print its table.
 *
 * @returns the file of the record.
 * @throws {DatasetError}, {EnvironmentError} as writeRecord.
 */
export async function writeMatrix(
  output: Output,
  outcomes: readonly CellOutcome<RecordedCell>[],
  { folder, split, out, numbers = widerNumbers() }: MatrixPlace,
): Promise<string> {
  const finished = outcomes.flatMap((outcome) => ('result' in outcome ? [outcome.result] : []));
  const { rows, problems } = rowsOf(outcomes, numbers);
  const protocol = commonSettings(finished.map(({ record }) => record));
  const { dataset } = finished[0].record;
  const id = protocolId({ matrix: canonicalJson([outcomes.map(({ cell }) => cell), protocol, dataset?.sha256]) });
  const place = out ?? path.join(folder, `matrix-${id}.json`);
  const record = await writeRecord(output, place, {
    kind: 'matrix',
    protocol,
    ...(dataset === undefined ? {} : { dataset }),
    matrix: rows,
    ...(problems.length > 0 ? { warnings: problems } : {}),
  });
  const files = finished.map(({ file }) => file);
  const table = formatMatrix(rows, split === undefined ? undefined : `ap.${split}`);
  const about = [
    formatProtocol(record.protocol),
    ...describeVaried(finished.map((cell) => cell.record)),
    ...(dataset === undefined ? [] : [`data set ${dataset.name}: ${dataset.images} images`, ...(dataset.notes ?? [])]),
    ...problems,
    ...new Set(outcomes.flatMap((outcome) => ('error' in outcome ? [`failed: ${outcome.error}`] : []))),
    ...(rows.some(hasZeroDifference)
      ? ['a difference of 0 has an interval, too: what these images did not show (docs/intervals.md)']
      : []),
    'ms: median time of the detector on an image with all workers at once; retinabench bench measures speed',
    `page: npx retinabench report ${[place, ...files].join(' ')}`,
  ];
  printResult(output, `${table}\n\n${about.join('\n')}`);
  return place;
}

/** A row for each combination, and what stood in the way of intervals of their differences. */
function rowsOf(
  outcomes: readonly CellOutcome<RecordedCell>[],
  numbers: MatrixNumbers,
): { readonly rows: MatrixCellResult[]; readonly problems: string[] } {
  const problems = new Set<string>();
  const firstCell = outcomes.find((outcome) => 'result' in outcome)?.cell;
  const baselineOf = (cell: MatrixCell): RecordedCell | undefined => {
    const found = outcomes.find((other) => firstCell !== undefined && isBaselineOf(cell, firstCell, other.cell));
    return found !== undefined && 'result' in found ? found.result : undefined;
  };
  const rows = outcomes.map((outcome): MatrixCellResult => {
    const { cell } = outcome;
    const { model, backend } = cell;
    const condition = cell.perturb === undefined ? {} : { perturb: cell.perturb };
    if ('error' in outcome)
      return { model, backend, scale: cell.scale ?? 'original', ...condition, error: outcome.error };
    const { record, detectMs } = outcome.result;
    const { values = {}, interval } = numbers.valuesOf(record);
    const baseline = baselineOf(cell);
    const difference =
      baseline === undefined || outcome.result === baseline
        ? {}
        : differencesOf(numbers, baseline.record, record, values, problems);
    return {
      model,
      backend,
      ...condition,
      scale: String(record.protocol.scale ?? cell.scale ?? 'original'),
      ...(record.contentSha256 === undefined ? {} : { recordSha256: record.contentSha256 }),
      values,
      ...(interval === undefined ? {} : { interval }),
      ...(Object.keys(difference).length === 0 ? {} : { difference }),
      ...(detectMs === undefined ? {} : { detectMs }),
    };
  });
  return { rows, problems: [...problems] };
}

/** Whether the table shows a difference of 0 beside an interval that has a width. */
function hasZeroDifference({ difference = {} }: MatrixCellResult): boolean {
  return Object.values(difference).some(
    ({ value, interval }) => value === 0 && interval !== undefined && interval[0] !== interval[1],
  );
}

function differencesOf(
  numbers: MatrixNumbers,
  first: ResultRecord,
  record: ResultRecord,
  values: Readonly<Record<string, number>>,
  problems: Set<string>,
): NonNullable<MatrixCellResult['difference']> {
  const before = numbers.valuesOf(first).values ?? {};
  const entries = Object.entries(values).flatMap(([name, value]) => {
    if (before[name] === undefined) return [];
    const plain = { value: value - before[name] };
    try {
      const paired = numbers.differenceOf(first, record, name);
      return [[name, paired === undefined ? plain : { ...plain, interval: paired.interval }]];
    } catch (error) {
      problems.add(`differences without an interval: ${(error as Error).message}`);
      return [[name, plain]];
    }
  });
  return Object.fromEntries(entries);
}

/** Which settings are not the same in all records: a difference is of these, too. */
function describeVaried(records: readonly ResultRecord[]): string[] {
  const common = commonSettings(records);
  const names = new Set(records.flatMap(({ protocol }) => Object.keys(protocol)));
  const varied = [...names].filter((name) => name !== 'id' && common[name] === undefined);
  if (varied.length === 0) return [];
  return [
    `that protocol is what all rows share, and each row's record has its own; differences are of whole detectors, with ${varied.join(', ')}`,
  ];
}

/** The settings that all records share; what differs is what the matrix is about. */
function commonSettings(records: readonly ResultRecord[]): ProtocolSettings {
  const [first, ...others] = records.map(({ protocol }) => protocol);
  return Object.fromEntries(
    Object.entries(first).filter(
      ([name, value]) =>
        name !== 'id' && others.every((other) => canonicalJson(other[name] ?? null) === canonicalJson(value)),
    ),
  );
}
