import { dataTable, type TableOptions } from '../src/page/parts/data-table.js';
import { domOf } from './dom.js';
import { enhanceTable } from './enhance-table.js';

/** A table that is not in the page from the start, such as the numbers of a chart. */
export function buildTable<Row>(options: TableOptions<Row>): HTMLElement {
  const made = domOf(dataTable(options)) as HTMLElement;
  enhanceTable(made);
  return made;
}
