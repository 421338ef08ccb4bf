import { DatasetError } from '@retinabench/core';
import { forEachLine, quoteLine } from '../text/lines.js';

/** What a row of the table is of. */
export type GroupKey = 'template' | 'image';

/** Columns of a table by which numbers are broken down, such as gender or skin tone. */
export interface GroupTable {
  readonly key: GroupKey;
  /** By template id as text, or name of the image: the values of the columns; empty where there is none. */
  readonly rows: ReadonlyMap<string, readonly string[]>;
  readonly columns: readonly string[];
}

/** Names of the column that says what a row is of, in small letters. */
const keyNames: Readonly<Record<GroupKey, readonly string[]>> = {
  template: ['template_id', 'template', 'templateid', 'tid'],
  image: ['filename', 'file', 'image', 'image_name', 'name', 'path'],
};

/**
 * Read a table of groups: rows separated by commas below a header that names a column of template ids (`TEMPLATE_ID`) or of images
 * (`FILENAME`, as the image list names them), and any others.
 *
 * @throws {DatasetError} with file and line if there is no such column, a row has another number of fields, or two rows of one
 * template or image differ.
 */
export async function readGroups(file: string): Promise<GroupTable> {
  const rows = new Map<string, readonly string[]>();
  let header: readonly string[] = [];
  let key: { readonly kind: GroupKey; readonly at: number } | undefined;
  await forEachLine(file, (text, line) => {
    if (text.includes('"')) {
      throw new DatasetError(`${file}:${line}: expected fields without quotes, got ${quoteLine(text)}; remove them`);
    }
    const fields = text.split(',').map((field) => field.trim());
    if (line === 1) {
      header = fields;
      key = keyOf(fields);
      return;
    }
    if (key === undefined) return;
    if (fields.length !== header.length) {
      throw new DatasetError(`${file}:${line}: expected ${header.length} fields as its header, got ${fields.length}`);
    }
    const { at } = key;
    const values = fields.filter((_, column) => column !== at);
    const before = rows.get(fields[at]);
    if (before?.some((value, column) => value !== values[column])) {
      throw new DatasetError(
        `${file}:${line}: expected the values of the first row of ${fields[at]}, got others: ${quoteLine(text)}`,
      );
    }
    rows.set(fields[at], values);
  });
  if (key === undefined || header.length < 2) {
    throw new DatasetError(
      `${file}: expected a header with TEMPLATE_ID or FILENAME and a column to break down by, got ${quoteLine(header.join(','))}`,
    );
  }
  const { at, kind } = key;
  return { key: kind, rows, columns: header.filter((_, column) => column !== at) };
}

function keyOf(header: readonly string[]): { readonly kind: GroupKey; readonly at: number } | undefined {
  const names = header.map((name) => name.toLowerCase());
  for (const kind of ['template', 'image'] as const) {
    const at = names.findIndex((name) => keyNames[kind].includes(name));
    if (at >= 0) return { kind, at };
  }
  return undefined;
}
