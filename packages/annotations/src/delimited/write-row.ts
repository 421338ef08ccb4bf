/** A field of a CSV row, quoted where it has to be (RFC 4180). */
export function csvField(value: number | string | undefined): string {
  if (value === undefined) return '';
  const text = String(value);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A row of a CSV file. */
export function csvRow(values: readonly (number | string | undefined)[]): string {
  return `${values.map(csvField).join(',')}\n`;
}
