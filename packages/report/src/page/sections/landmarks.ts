import type { Interval, LandmarkSummary } from '@retinabench/results';
import { formatPoints, significant } from '../../format/number.js';
import type { HtmlNode } from '../../html/node.js';
import type { PageData, PageRecord } from '../page-data.js';
import { type Column, dataTable } from '../parts/data-table.js';
import { recordColumn } from '../parts/record-column.js';
import { sourceNote } from '../parts/source-note.js';
import { withInterval } from '../parts/with-interval.js';

interface Row {
  readonly record: PageRecord;
  /** `matched only`, `misses as failures`, or a bin of a column. */
  readonly faces: string;
  readonly summary: LandmarkSummary;
  readonly interval: Readonly<Record<string, Interval>>;
}

/** Errors of landmarks: matched faces only, misses as failures, and by bin. */
export function landmarkTable(data: PageData): HtmlNode[] {
  const rows = data.records.flatMap(rowsOf);
  if (rows.length === 0) return [];
  const thresholds = [...new Set(rows.flatMap(({ summary }) => Object.keys(summary.failureRate)))];
  const table = dataTable<Row>({
    name: 'Landmark errors',
    titled: true,
    rows,
    choices: ['Faces'],
    columns: [
      recordColumn(data),
      { heading: 'Faces', value: ({ faces }) => faces },
      { heading: 'Normaliser', value: ({ record }) => String(record.protocol.normaliser ?? '') },
      { heading: 'Number', numeric: true, value: ({ summary }) => summary.faces },
      { heading: 'Missed', numeric: true, value: ({ summary }) => summary.missed },
      {
        heading: 'Mean error',
        numeric: true,
        value: ({ summary }) => summary.nme,
        show: ({ record, summary, interval }) => errorText(record, summary.nme, interval.nme),
      },
      {
        heading: 'Median',
        numeric: true,
        value: ({ summary }) => summary.median,
        show: ({ record, summary }) => errorText(record, summary.median, undefined),
      },
      ...thresholds.flatMap(ofThreshold),
    ],
  });
  return [table, sourceNote([...new Set(rows.map(({ record }) => record))])];
}

function rowsOf(record: PageRecord): Row[] {
  const { landmarks } = record;
  if (landmarks === undefined) return [];
  const { matchedOnly, missesAsFailures, bins = {}, interval = {} } = landmarks;
  const { nme } = interval;
  return [
    ...(matchedOnly === undefined
      ? []
      : [{ record, faces: 'matched only', summary: matchedOnly, interval: nme === undefined ? {} : { nme } }]),
    { record, faces: 'misses as failures', summary: missesAsFailures, interval },
    ...Object.values(bins).flatMap((ofColumn) =>
      Object.entries(ofColumn).map(([faces, summary]) => ({ record, faces, summary, interval: {} })),
    ),
  ];
}

function ofThreshold(threshold: string): Column<Row>[] {
  return [
    {
      heading: `Failures above ${threshold}`,
      numeric: true,
      value: ({ summary }) => summary.failureRate[threshold],
      show: ({ summary, interval }) =>
        withInterval(summary.failureRate[threshold], interval[`failureRate.${threshold}`]),
    },
    {
      heading: `AUC ${threshold}`,
      numeric: true,
      value: ({ summary }) => summary.auc[threshold],
      show: ({ summary, interval }) => withInterval(summary.auc[threshold], interval[`auc.${threshold}`]),
    },
  ];
}

/** A share of the length, or pixels. */
function errorText({ protocol }: PageRecord, error: number | undefined, interval: Interval | undefined) {
  if (error === undefined) return '';
  if (protocol.normaliser !== 'pixels')
    return interval === undefined ? formatPoints(error) : withInterval(error, interval);
  const bounds = interval === undefined ? '' : ` [${interval.map(significant).join(', ')}]`;
  return `${significant(error)} px${bounds}`;
}
