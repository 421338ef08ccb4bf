import { formatCount, type ParityResult } from '@retinabench/results';
import { formatPointDifference, significant } from '../../format/number.js';
import { type HtmlNode, html } from '../../html/node.js';
import type { PageData, PageRecord } from '../page-data.js';
import { dataTable } from '../parts/data-table.js';
import { numberColumn } from '../parts/number-column.js';
import { recordColumn } from '../parts/record-column.js';
import { sourceNote } from '../parts/source-note.js';

/** A backend of a parity record against the reference. */
interface ParityRow {
  readonly record: PageRecord;
  readonly result: ParityResult;
}

/** Agreement of every backend with the reference backend. */
export function parityTable(data: PageData): HtmlNode[] {
  const rows = data.records.flatMap((record) => (record.parity ?? []).map((result): ParityRow => ({ record, result })));
  if (rows.length === 0) return [];
  const table = dataTable<ParityRow>({
    name: 'Parity of backends',
    rows,
    columns: [
      { heading: 'Backend', value: ({ result }) => result.backend },
      recordColumn(data),
      {
        heading: 'Verdict',
        value: ({ result }) => verdictOf(result),
        show: ({ result }) =>
          html('span', { class: `mark ${result.withinTolerance ? 'same' : 'worse'}` }, verdictOf(result)),
      },
      numberColumn('Largest output difference', ({ result }) => largestOf(result.outputMaxAbsolute), significant),
      numberColumn('Tolerance', ({ result }) => result.tolerance, significant),
      numberColumn('Score difference', ({ result }) => result.scoreMaxAbsolute, significant),
      numberColumn('Box difference, px', ({ result }) => result.boxMaxPx, significant),
      numberColumn('Landmark difference, px', ({ result }) => result.landmarkMaxPx, significant),
      numberColumn(
        'Landmark NME',
        ({ result }) => result.landmarkNme,
        (nme) => `${significant(100 * nme)} %`,
      ),
      {
        heading: 'Unmatched',
        numeric: true,
        value: ({ result }) => result.unmatched,
        show: ({ result }) => `${formatCount(result.unmatched)} of ${formatCount(result.detections)}`,
      },
      numberColumn('AP hard, points', ({ result }) => result.apDifference?.hard, formatPointDifference),
      { heading: 'Images', numeric: true, value: ({ result }) => result.images },
    ],
  });
  return [table, sourceNote([...new Set(rows.map(({ record }) => record))])];
}

function verdictOf({ withinTolerance }: ParityResult): string {
  return withinTolerance ? 'within tolerance' : 'past tolerance';
}

function largestOf(differences: ParityResult['outputMaxAbsolute']): number {
  return Math.max(0, ...Object.values(differences));
}
