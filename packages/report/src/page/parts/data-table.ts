import { type HtmlChild, type HtmlNode, html, textOf } from '../../html/node.js';

/** A cell of a table: what is sorted and filtered by, and saved. */
export type Cell = string | number | undefined;

/** A column: what it is called, what of a row it sorts and saves, and how it shows that. */
export interface Column<Row> {
  readonly heading: string;
  /** What is shown of the heading where it has to break; default: the heading. */
  readonly shownHeading?: HtmlChild;
  readonly numeric?: boolean;
  /** What is sorted, filtered and saved. */
  readonly value: (row: Row) => Cell;
  /** What is shown; the value as text by default. */
  readonly show?: (row: Row) => HtmlChild;
}

/** A table whose rows stand in the page; a script in the page lets them be sorted, filtered and saved. */
export interface TableOptions<Row> {
  /** Names the table: its caption for screen readers and its file name when saved. */
  readonly name: string;
  /** Whether the name is shown above. */
  readonly titled?: boolean;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Whether to offer the text filter; by default from eight rows on. */
  readonly filter?: boolean;
  /** Headings of columns that are chosen from, such as the mark of a row. */
  readonly choices?: readonly string[];
  /** Class of a row. */
  readonly rowClass?: (row: Row) => string | undefined;
  /** Whether each cell says what it is, for a narrow window that shows them below each other. */
  readonly labelled?: boolean;
  /** Class of the table. */
  readonly className?: string;
}

/** A table with all its rows. `enhanceTable` finds in its attributes what it may offer. */
export function dataTable<Row>(options: TableOptions<Row>): HtmlNode {
  const { name, columns, rows, choices = [] } = options;
  return html(
    'div',
    {
      class: `data-table${options.className === undefined ? '' : ` ${options.className}`}`,
      'data-name': name,
      'data-filter': (options.filter ?? rows.length >= 8) ? 'yes' : undefined,
      'data-choices': choices.length === 0 ? undefined : choices.join('|'),
    },
    html('div', { class: 'table-bar' }, options.titled ? html('h3', {}, name) : undefined),
    html(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': name },
      html(
        'table',
        {},
        html('caption', { class: 'visually-hidden' }, name),
        html('thead', {}, html('tr', {}, ...columns.map(headingCell))),
        html('tbody', {}, ...rows.map((row) => bodyRow(options, row))),
      ),
    ),
  );
}

function headingCell<Row>({ heading, shownHeading, numeric }: Column<Row>): HtmlNode {
  return html(
    'th',
    {
      scope: 'col',
      class: numeric ? 'numeric' : undefined,
      'data-heading': shownHeading === undefined ? undefined : heading,
    },
    shownHeading ?? heading,
  );
}

function bodyRow<Row>({ columns, rowClass, labelled }: TableOptions<Row>, row: Row): HtmlNode {
  return html(
    'tr',
    { class: rowClass?.(row) },
    ...columns.map(({ heading, numeric, value, show }, index) => {
      const cell = value(row);
      const written = String(cell ?? '');
      const content = show === undefined ? written : (show(row) ?? '');
      // A script takes the value from here where the text is another.
      const attributes = {
        class: numeric ? 'numeric' : undefined,
        'data-label': labelled && index > 0 ? heading : undefined,
        'data-value': textOf(content) === written ? undefined : written,
      };
      return index === 0
        ? html('th', { scope: 'row', ...attributes }, content)
        : html('td', attributes, content === '' ? '–' : content);
    }),
  );
}
