/** Text that a spreadsheet would run as a formula. */
const formula = /^[=+\-@\t\r]/;

/** What a cell of CSV may hold; undefined is an empty cell. */
export type CsvCell = number | string | undefined;

/** A cell of CSV, quoted where it has to be (RFC 4180). */
export function csvField(value: CsvCell): string {
  if (value === undefined) return '';
  const text = String(value);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A row of CSV with its line break. */
export function csvRow(values: readonly CsvCell[]): string {
  return `${values.map(csvField).join(',')}\n`;
}

/**
 * Text for a table that people open in a spreadsheet: what it would run as a formula is led by an apostrophe. Numbers stay as they
 * are.
 */
export function guardFormula<Cell extends CsvCell>(value: Cell): Cell | string {
  return typeof value === 'string' && formula.test(value) ? `'${value}` : value;
}

/** The text before `guardFormula`. */
export function withoutGuard(text: string): string {
  return text.startsWith("'") && formula.test(text.slice(1)) ? text.slice(1) : text;
}
