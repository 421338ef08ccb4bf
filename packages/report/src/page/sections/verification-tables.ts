import { formatCount } from '@retinabench/results';
import { significant } from '../../format/number.js';
import { type HtmlNode, html } from '../../html/node.js';
import type { PageData, PageRecord } from '../page-data.js';
import { dataTable } from '../parts/data-table.js';
import { recordColumn } from '../parts/record-column.js';
import { sourceNote } from '../parts/source-note.js';
import { withInterval } from '../parts/with-interval.js';

/** TAR at every target of FAR under every rule that a record has. */
export function tarTable(data: PageData): HtmlNode[] {
  const rules = [
    { rule: 'nearest', read: ({ tar }: PageRecord) => tar },
    { rule: 'nearest-all', read: ({ tarNearestAll }: PageRecord) => tarNearestAll },
    { rule: 'not-above', read: ({ tarNotAbove }: PageRecord) => tarNotAbove },
  ];
  const rows = data.records.flatMap((record) =>
    rules.flatMap(({ rule, read }) =>
      Object.entries(read(record) ?? {}).map(([target, point]) => ({ record, rule, target, point })),
    ),
  );
  if (rows.length === 0) return [];
  const isPrinted = ({ record, rule, point }: (typeof rows)[number]): boolean =>
    rule === (record.protocol.tarRule ?? 'nearest') && point.unresolved !== true;
  const unprinted = rows.filter((row) => !isPrinted(row)).length;
  const table = dataTable<(typeof rows)[number]>({
    name: 'TAR at FAR',
    titled: true,
    rows,
    rowClass: (row) => (isPrinted(row) ? undefined : 'quiet-row'),
    choices: ['Rule', 'Target FAR'],
    columns: [
      recordColumn(data),
      { heading: 'Rule', value: ({ rule }) => rule },
      { heading: 'Target FAR', numeric: true, value: ({ target }) => Number(target), show: ({ target }) => target },
      {
        heading: 'TAR',
        numeric: true,
        value: ({ point }) => point.tar,
        show: ({ point }) => withInterval(point.tar, point.interval),
      },
      {
        heading: 'Achieved FAR',
        numeric: true,
        value: ({ point }) => point.achievedFar,
        show: ({ point }) => point.achievedFar.toExponential(3),
      },
      {
        heading: 'Impostors',
        numeric: true,
        value: ({ point }) => point.impostors,
        show: ({ point }) => `${formatCount(point.impostors)}${point.unresolved === true ? ' (too few)' : ''}`,
      },
      {
        heading: 'Threshold',
        numeric: true,
        value: ({ point }) => point.threshold,
        show: ({ point }) => significant(point.threshold),
      },
    ],
  });
  const note = `Printed without ${unprinted} rows: those of other rules than the record's own, and those that too few impostor pairs decide.`;
  return [
    ...(unprinted === 0 ? [] : [html('p', { class: 'source print-only' }, note)]),
    table,
    sourceNote([...new Set(rows.map(({ record }) => record))]),
  ];
}

/** Rank-k and TPIR at FPIR of identification records. */
export function identificationTable(data: PageData): HtmlNode[] {
  const rows = data.records.flatMap((record) => [
    ...Object.entries(record.rank ?? {}).map(([k, value]) => ({
      record,
      measure: `rank-${k}`,
      value,
      interval: record.rankInterval?.[k],
    })),
    ...Object.entries(record.tpir ?? {}).map(([fpir, value]) => ({
      record,
      measure: `TPIR at FPIR ${fpir}`,
      value,
      interval: record.tpirInterval?.[fpir],
    })),
  ]);
  if (rows.length === 0) return [];
  const table = dataTable<(typeof rows)[number]>({
    name: 'Identification',
    titled: true,
    rows,
    columns: [
      recordColumn(data),
      { heading: 'Measure', value: ({ measure }) => measure },
      {
        heading: 'Value',
        numeric: true,
        value: ({ value }) => value,
        show: ({ value, interval }) => withInterval(value, interval),
      },
    ],
  });
  return [table, sourceNote([...new Set(rows.map(({ record }) => record))])];
}
