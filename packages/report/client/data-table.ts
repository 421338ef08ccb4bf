import { type Cell, downloadButtons } from './download.js';
import { type Child, element } from './element.js';

/** A column: what it is called, what of a row it sorts and saves, and how it shows that. */
export interface Column<Row> {
  readonly heading: string;
  readonly numeric?: boolean;
  /** What is sorted, filtered and saved. */
  readonly value: (row: Row) => Cell;
  /** What is shown; the value as text by default. */
  readonly show?: (row: Row) => Child;
}

/** A table that can be sorted by any column, filtered by text and saved. */
export interface TableOptions<Row> {
  /** Names the table: its caption for screen readers and its file name when saved. */
  readonly name: string;
  /** Whether the name is shown above. */
  readonly titled?: boolean;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Whether to offer the text filter; by default from eight rows on. */
  readonly filter?: boolean;
  /** Choices beside the text filter, such as the mark of a row. */
  readonly choices?: readonly { readonly label: string; readonly value: (row: Row) => string }[];
}

/** Draw a table with its filter, its row count and its download buttons. */
export function dataTable<Row>(options: TableOptions<Row>): HTMLElement {
  const { name, columns, rows, choices = [] } = options;
  const body = element('tbody');
  const count = element('span', { class: 'count', 'aria-live': 'polite' });
  const search = element('input', { type: 'search', placeholder: 'Filter', 'aria-label': `Filter ${name}` });
  const selects = choices.map(({ label, value }) => ({ select: choiceSelect(label, name, rows.map(value)), value }));
  let sorted = [...rows];

  const shown = (): Row[] => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    return sorted.filter((row) => {
      if (selects.some(({ select, value }) => select.value !== '' && select.value !== value(row))) return false;
      const text = columns
        .map(({ value }) => String(value(row) ?? ''))
        .join(' ')
        .toLowerCase();
      return words.every((word) => text.includes(word));
    });
  };
  const draw = (): void => {
    const visible = shown();
    body.replaceChildren(...visible.map((row) => bodyRow(columns, row)));
    count.textContent =
      visible.length === rows.length ? `${rows.length} rows` : `${visible.length} of ${rows.length} rows`;
  };
  search.addEventListener('input', draw);
  for (const { select } of selects) select.addEventListener('change', draw);

  const headings = columns.map((column) => headingCell(column));
  headings.forEach(({ cell, button }, index) => {
    button.addEventListener('click', () => {
      const descending = cell.getAttribute('aria-sort') === (columns[index].numeric ? 'none' : 'ascending');
      for (const other of headings) other.cell.setAttribute('aria-sort', 'none');
      cell.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      sorted = sortRows(rows, columns[index], descending);
      draw();
    });
  });
  draw();

  const table = element(
    'table',
    {},
    element('caption', { class: 'visually-hidden' }, name),
    element('thead', {}, element('tr', {}, ...headings.map(({ cell }) => cell))),
    body,
  );
  const filters = (options.filter ?? rows.length >= 8) ? [search] : [];
  const save = downloadButtons(name, () => ({
    headings: columns.map(({ heading }) => heading),
    rows: shown().map((row) => columns.map(({ value }) => value(row))),
  }));
  return element(
    'div',
    { class: 'data-table' },
    element(
      'div',
      { class: 'table-bar' },
      ...(options.titled ? [element('h3', {}, name)] : []),
      ...filters,
      ...selects.map(({ select }) => select),
      count,
      save,
    ),
    element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': name }, table),
  );
}

function headingCell<Row>({ heading, numeric }: Column<Row>): { cell: HTMLElement; button: HTMLElement } {
  const button = element(
    'button',
    { type: 'button' },
    heading,
    element('span', { class: 'arrow', 'aria-hidden': 'true' }),
  );
  return {
    cell: element('th', { scope: 'col', 'aria-sort': 'none', class: numeric ? 'numeric' : undefined }, button),
    button,
  };
}

function bodyRow<Row>(columns: readonly Column<Row>[], row: Row): HTMLElement {
  return element(
    'tr',
    {},
    ...columns.map(({ numeric, value, show }, index) => {
      const content = show === undefined ? String(value(row) ?? '') : show(row);
      const attributes = { class: numeric ? 'numeric' : undefined };
      return index === 0
        ? element('th', { scope: 'row', ...attributes }, content)
        : element('td', attributes, content === '' ? '–' : content);
    }),
  );
}

function sortRows<Row>(rows: readonly Row[], { value }: Column<Row>, descending: boolean): Row[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
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
