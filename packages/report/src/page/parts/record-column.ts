import type { PageData, PageRecord } from '../page-data.js';
import type { Column } from './data-table.js';
import { recordLink } from './source-note.js';

/** The column that says which record a row of numbers is of. */
export function recordColumn<Row extends { readonly record: PageRecord }>(data: PageData): Column<Row> {
  return {
    heading: 'Record',
    value: ({ record }) => `${record.key} ${record.label}`,
    show: ({ record }) => recordLink(data, record),
  };
}
