import { csvField, guardFormula } from '@retinabench/core';
import { element } from './element.js';

/** A cell of a table that leaves the page. */
export type Cell = string | number | undefined;

/** Two buttons that save a table as CSV and as JSON; the content is made when one is pressed. */
export function downloadButtons(name: string, table: () => { headings: string[]; rows: Cell[][] }): HTMLElement {
  const button = (format: 'CSV' | 'JSON', save: () => void): HTMLElement => {
    const made = element(
      'button',
      { type: 'button', class: 'quiet', 'aria-label': `Download ${name} as ${format}` },
      format,
    );
    made.addEventListener('click', save);
    return made;
  };
  return element(
    'span',
    { class: 'downloads' },
    button('CSV', () => {
      const { headings, rows } = table();
      saveFile(`${fileName(name)}.csv`, 'text/csv', [headings, ...rows].map(csvLine).join('\r\n'));
    }),
    button('JSON', () => {
      const { headings, rows } = table();
      const objects = rows.map((row) => Object.fromEntries(headings.map((heading, column) => [heading, row[column]])));
      saveFile(`${fileName(name)}.json`, 'application/json', JSON.stringify(objects, undefined, 2));
    }),
  );
}

function fileName(name: string): string {
  return `retinabench-${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
}

/** Save text as a file of the reader. */
export function saveFile(name: string, type: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: `${type};charset=utf-8` }));
  const link = element('a', { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A line of CSV; text that a spreadsheet would run as a formula is led by an apostrophe. */
function csvLine(cells: readonly Cell[]): string {
  return cells.map((cell) => csvField(guardFormula(cell))).join(',');
}
