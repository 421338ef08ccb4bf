import { formatCount } from '@retinabench/results';
import { formatPointDifference, significant } from '../../format/number.js';
import { type HtmlNode, html } from '../../html/node.js';
import type { PageData } from '../page-data.js';
import { dataTable } from '../parts/data-table.js';
import { recordColumn } from '../parts/record-column.js';
import { sourceNote } from '../parts/source-note.js';

/** Agreement of every backend with the reference backend. */
export function parityTable(data: PageData): HtmlNode[] {
  const rows = data.records.flatMap((record) => (record.parity ?? []).map((result) => ({ record, result })));
  if (rows.length === 0) return [];
  const table = dataTable<(typeof rows)[number]>({
    name: 'Parity of backends',
    rows,
    columns: [
      { heading: 'Backend', value: ({ result }) => result.backend },
      recordColumn(data),
      {
        heading: 'Verdict',
        value: ({ result }) => (result.withinTolerance ? 'within tolerance' : 'past tolerance'),
        show: ({ result }) =>
          html(
            'span',
            { class: `mark ${result.withinTolerance ? 'same' : 'worse'}` },
            result.withinTolerance ? 'within tolerance' : 'past tolerance',
          ),
      },
      {
        heading: 'Largest output difference',
        numeric: true,
        value: ({ result }) => Math.max(0, ...Object.values(result.outputMaxAbsolute)),
        show: ({ result }) => significant(Math.max(0, ...Object.values(result.outputMaxAbsolute))),
      },
      {
        heading: 'Tolerance',
        numeric: true,
        value: ({ result }) => result.tolerance,
        show: ({ result }) => significant(result.tolerance),
      },
      {
        heading: 'Score difference',
        numeric: true,
        value: ({ result }) => result.scoreMaxAbsolute,
        show: ({ result }) => significant(result.scoreMaxAbsolute),
      },
      {
        heading: 'Box difference, px',
        numeric: true,
        value: ({ result }) => result.boxMaxPx,
        show: ({ result }) => significant(result.boxMaxPx),
      },
      {
        heading: 'Landmark difference, px',
        numeric: true,
        value: ({ result }) => result.landmarkMaxPx,
        show: ({ result }) => (result.landmarkMaxPx === undefined ? '' : significant(result.landmarkMaxPx)),
      },
      {
        heading: 'Landmark NME',
        numeric: true,
        value: ({ result }) => result.landmarkNme,
        show: ({ result }) => (result.landmarkNme === undefined ? '' : `${significant(100 * result.landmarkNme)} %`),
      },
      {
        heading: 'Unmatched',
        numeric: true,
        value: ({ result }) => result.unmatched,
        show: ({ result }) => `${formatCount(result.unmatched)} of ${formatCount(result.detections)}`,
      },
      {
        heading: 'AP hard, points',
        numeric: true,
        value: ({ result }) => result.apDifference?.hard,
        show: ({ result }) =>
          result.apDifference?.hard === undefined ? '' : formatPointDifference(result.apDifference.hard),
      },
      { heading: 'Images', numeric: true, value: ({ result }) => result.images },
    ],
  });
  return [table, sourceNote([...new Set(rows.map(({ record }) => record))])];
}
