import { ProtocolError } from '@retinabench/core';
import {
  acrossGroups,
  type Diagnosis,
  diagnoseGroupRows,
  groupsOfTemplates,
  type PairSet,
  readGroups,
  type Verification,
  verifyGroups,
} from '@retinabench/eval-ijbc';
import { formatCount, type GroupRates, type Interval } from '@retinabench/results';
import { renderTable } from '../terminal/table.js';

/** Errors by column and group. */
export type RatesByGroup = Readonly<Record<string, Readonly<Record<string, GroupRates>>>>;

/** The errors of groups with what a reader should know of them. */
export interface GroupResult {
  readonly groups: RatesByGroup;
  /** Templates that are in no group. */
  readonly notes: readonly string[];
  readonly diagnoses: readonly Diagnosis[];
}

/** Where groups come from. */
export interface GroupFlags {
  readonly groups?: string;
  readonly by?: readonly string[];
}

/**
 * The errors of the groups that the flags name, with what a reader should know of them.
 *
 * @returns undefined where no groups are asked for.
 * @throws {DatasetError} as readGroups, diagnoseGroupRows and groupsOfTemplates.
 * @throws {ProtocolError} if columns are named without a table.
 */
export async function ratesByGroup(
  { groups: file, by }: GroupFlags,
  set: Pick<PairSet, 'images' | 'index' | 'pairs' | 'labels' | 'subjects'>,
  scores: Float64Array,
  result: Verification,
): Promise<GroupResult | undefined> {
  if (file === undefined) {
    if (by !== undefined) throw new ProtocolError('--by names columns of a table; give --groups FILE');
    return undefined;
  }
  const table = await readGroups(file);
  const diagnoses = diagnoseGroupRows(table, set.images, set.index, file);
  const columns = groupsOfTemplates(table, set.images, set.index, by, file);
  const thresholds = Object.fromEntries(
    Object.entries(result.tar.nearest).map(([target, { threshold }]) => [target, threshold]),
  );
  const { labels, pairs, subjects } = set;
  return {
    diagnoses,
    groups: Object.fromEntries(
      columns.map((column) => [column.column, verifyGroups({ scores, labels, pairs, subjects, thresholds }, column)]),
    ),
    notes: columns.flatMap(({ column, ofTemplate, mixed }) => {
      const without = ofTemplate.filter((group) => group < 0).length - mixed;
      return [
        ...(without > 0
          ? [
              `${column}: ${without === 1 ? '1 template has no value and is' : `${formatCount(without)} templates have no value and are`} in no group`,
            ]
          : []),
        ...(mixed > 0
          ? [`${column}: the images of ${formatCount(mixed)} templates have several values: in no group`]
          : []),
      ];
    }),
  };
}

const numeric = (heading: string) => ({ heading, numeric: true });

/** Targets that the table shows. */
const shownTargets = ['1e-4', '1e-3', '1e-2'];

/** TAR, FNMR and FMR of the groups as text for a terminal, with the templates that are in none. */
export function formatGroups({ groups, notes }: GroupResult): string {
  const tables = Object.entries(groups)
    .map(([column, byGroup]) =>
      [
        `by ${column}, at the thresholds that all pairs decide:`,
        renderTable(
          [
            { heading: column },
            ...[
              'templates',
              'genuine',
              'impostors',
              'FAR of all',
              'TAR',
              'FNMR',
              'its 95 % interval',
              'FMR',
              'its 95 % interval',
            ].map(numeric),
          ],
          Object.entries(byGroup).flatMap(([group, rates]) => rowsOf(group, rates)),
        ),
      ].join('\n'),
    )
    .join('\n\n');
  return [tables, ...notes].join('\n');
}

function rowsOf(group: string, { templates, genuine, impostors, at }: GroupRates): string[][] {
  return shownTargets.flatMap((target) => {
    const errors = at[target];
    if (errors === undefined) return [];
    const { fnmr, fnmrInterval, fmr, fmrInterval } = errors;
    return [
      [
        group,
        group === acrossGroups ? '' : formatCount(templates),
        formatCount(genuine),
        formatCount(impostors),
        target,
        fnmr === undefined ? '-' : (1 - fnmr).toFixed(4),
        fnmr === undefined ? '-' : fnmr.toFixed(4),
        bounds(fnmrInterval, (value) => value.toFixed(4)),
        fmr === undefined ? '-' : fmr.toExponential(2),
        bounds(fmrInterval, (value) => value.toExponential(1)),
      ],
    ];
  });
}

function bounds(interval: Interval | undefined, format: (value: number) => string): string {
  return interval === undefined ? '-' : interval.map(format).join(' .. ');
}
