import { formatCount, type GroupRates } from '@retinabench/results';
import { type HtmlNode, html } from '../../html/node.js';
import type { PageData, PageRecord } from '../page-data.js';
import { dataTable } from '../parts/data-table.js';
import { recordColumn } from '../parts/record-column.js';
import { sourceNote } from '../parts/source-note.js';
import { withInterval } from '../parts/with-interval.js';

interface Row {
  readonly record: PageRecord;
  readonly column: string;
  readonly group: string;
  readonly target: string;
  readonly rates: GroupRates;
}

/** FNMR and FMR by group at the thresholds that all pairs decide. */
export function groupTable(data: PageData): HtmlNode[] {
  const rows = data.records.flatMap((record) =>
    Object.entries(record.groups ?? {}).flatMap(([column, byGroup]) =>
      Object.entries(byGroup).flatMap(([group, rates]) =>
        Object.keys(rates.at).map((target): Row => ({ record, column, group, target, rates })),
      ),
    ),
  );
  if (rows.length === 0) return [];
  const errors = ({ rates, target }: Row) => rates.at[target];
  const unprinted = rows.filter((row) => !isPrinted(row)).length;
  const table = dataTable<Row>({
    name: 'Errors by group',
    titled: true,
    rows,
    rowClass: (row) => (isPrinted(row) ? undefined : 'quiet-row'),
    choices: ['Column', 'FAR of all'],
    columns: [
      recordColumn(data),
      { heading: 'Column', value: ({ column }) => column },
      { heading: 'Group', value: ({ group }) => group },
      { heading: 'FAR of all', numeric: true, value: ({ target }) => Number(target), show: ({ target }) => target },
      {
        heading: 'Genuine',
        numeric: true,
        value: ({ rates }) => rates.genuine,
        show: ({ rates }) => formatCount(rates.genuine),
      },
      {
        heading: 'FNMR',
        numeric: true,
        value: (row) => errors(row).fnmr,
        show: (row) => withInterval(errors(row).fnmr, errors(row).fnmrInterval),
      },
      {
        heading: 'Impostors',
        numeric: true,
        value: ({ rates }) => rates.impostors,
        show: ({ rates }) => formatCount(rates.impostors),
      },
      {
        heading: 'FMR',
        numeric: true,
        value: (row) => errors(row).fmr,
        show: (row) => errors(row).fmr?.toExponential(2) ?? '',
      },
    ],
  });
  return [
    ...(unprinted === 0
      ? []
      : [
          html(
            'p',
            { class: 'source print-only' },
            `Printed without ${unprinted} rows, at thresholds that too few pairs decide.`,
          ),
        ]),
    table,
    sourceNote([...new Set(rows.map(({ record }) => record))]),
  ];
}

/** A threshold that too few impostor pairs decide says nothing of groups, and takes no paper. */
function isPrinted({ record, target }: Row): boolean {
  return record.tar?.[target]?.unresolved !== true;
}
