import type { Cell } from '../src/page/parts/data-table.js';
import { downloadButtons } from './download.js';
import { element } from './element.js';

/** A row of a table: its element, and its values as text and for sorting. */
interface TableRow {
  readonly row: HTMLTableRowElement;
  readonly values: readonly Cell[];
  readonly text: string;
}

/**
 * Let a table that stands in the page be sorted by any column, filtered by text and by choices, and saved.
 *
 * @param root what `dataTable` makes.
 */
export function enhanceTable(root: HTMLElement): void {
  const name = root.dataset.name ?? '';
  const body = root.querySelector('tbody');
  const bar = root.querySelector('.table-bar');
  const cells = [...root.querySelectorAll<HTMLTableCellElement>('thead th')];
  if (body === null || bar === null) return;
  const numeric = cells.map(({ classList }) => classList.contains('numeric'));
  const headings = cells.map((cell) => cell.dataset.heading ?? cell.textContent ?? '');
  const rows = [...body.rows].map((row) => rowOf(row, numeric));
  const count = element('span', { class: 'count', 'aria-live': 'polite' });
  const search = element('input', { type: 'search', placeholder: 'Filter', 'aria-label': `Filter ${name}` });
  const selects = (root.dataset.choices?.split('|') ?? []).map((heading): ColumnSelect => {
    const column = headings.indexOf(heading);
    const values = rows.map((row) => String(row.values[column] ?? ''));
    return { column, select: choiceSelect(heading, name, values) };
  });
  let sorted = rows;
  const shown = (): TableRow[] => filterRows(sorted, search.value, selects);
  const draw = (): void => {
    const visible = shown();
    body.replaceChildren(...visible.map(({ row }) => row));
    tell(visible.length);
  };
  const tell = (visible: number): void => {
    count.textContent =
      visible === rows.length
        ? `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`
        : `${visible} of ${rows.length} rows`;
  };
  search.addEventListener('input', draw);
  for (const { select } of selects) select.addEventListener('change', draw);
  makeSortable(cells, numeric, (column, descending) => {
    sorted = sortRows(rows, column, descending);
    draw();
  });
  bar.append(
    ...(root.dataset.filter === 'yes' ? [search] : []),
    ...selects.map(({ select }) => select),
    count,
    downloadButtons(name, () => ({ headings, rows: shown().map(({ values }) => [...values]) })),
  );
  tell(rows.length);
}

/** A choice among the values of a column. */
interface ColumnSelect {
  readonly column: number;
  readonly select: HTMLSelectElement;
}

/** Rows that have every word of the text, and of each column what is chosen. */
function filterRows(rows: readonly TableRow[], search: string, selects: readonly ColumnSelect[]): TableRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(
    ({ values, text }) =>
      selects.every(({ select, column }) => select.value === '' || select.value === String(values[column] ?? '')) &&
      words.every((word) => text.includes(word)),
  );
}

/** Make buttons of the headings: numbers are sorted from the largest first, words from the first, then the reverse. */
function makeSortable(
  cells: readonly HTMLTableCellElement[],
  numeric: readonly boolean[],
  onSort: (column: number, descending: boolean) => void,
): void {
  cells.forEach((cell, column) => {
    const button = element('button', { type: 'button' });
    button.append(...cell.childNodes, element('span', { class: 'arrow', 'aria-hidden': 'true' }));
    cell.append(button);
    cell.setAttribute('aria-sort', 'none');
    button.addEventListener('click', () => {
      const descending = cell.getAttribute('aria-sort') === (numeric[column] ? 'none' : 'ascending');
      for (const other of cells) other.setAttribute('aria-sort', 'none');
      cell.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      onSort(column, descending);
    });
  });
}

function rowOf(row: HTMLTableRowElement, numeric: readonly boolean[]): TableRow {
  const values = [...row.cells].map((cell, column): Cell => {
    const text = cell.dataset.value ?? cell.textContent ?? '';
    if (text === '') return undefined;
    return numeric[column] ? Number(text) : text;
  });
  return { row, values, text: values.join(' ').toLowerCase() };
}

function sortRows(rows: readonly TableRow[], column: number, descending: boolean): TableRow[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [a.values[column], b.values[column]];
    if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined);
    if (typeof x === 'number' && typeof y === 'number') return sign * (x - y);
    return sign * String(x).localeCompare(String(y), 'en', { numeric: true });
  });
}

function choiceSelect(label: string, name: string, values: readonly string[]): HTMLSelectElement {
  return element(
    'select',
    { 'aria-label': `${label}, ${name}` },
    element('option', { value: '' }, `${label}: all`),
    ...[...new Set(values)].map((value) => element('option', { value }, value)),
  );
}
