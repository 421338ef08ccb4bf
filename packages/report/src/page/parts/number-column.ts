import type { Column } from './data-table.js';

/** A column of numbers; a row that has none shows nothing. */
export function numberColumn<Row>(
  heading: string,
  value: (row: Row) => number | undefined,
  format: (value: number) => string,
): Column<Row> {
  return {
    heading,
    numeric: true,
    value,
    show: (row) => {
      const number = value(row);
      return number === undefined ? '' : format(number);
    },
  };
}
