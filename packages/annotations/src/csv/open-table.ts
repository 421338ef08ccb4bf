import { DatasetError } from '@retinabench/core';
import { type Delimiter, readRows } from '../delimited/read-rows.js';
import type { BoxForm, ReadingContext } from '../reading/reading.js';
import { type ByteSource, bytesSource } from '../source/open-source.js';
import { type CsvColumns, csvColumns, isCsvHeader } from './columns.js';
import { LastNumbers } from './last-numbers.js';

/** Signs that a header may be separated by. */
export const delimiters: readonly Delimiter[] = [',', ';', '\t'];

/** The fields of a text's first line. */
export function firstFields(head: string, delimiter: Delimiter): readonly string[] {
  let first: readonly string[] = [];
  const line = head.split(/\r\n|\n|\r/).find((text) => text.trim() !== '') ?? '';
  readRows(bytesSource(new TextEncoder().encode(line.slice(0, 100_000)), ''), delimiter, (fields) => {
    first = fields;
  });
  return first;
}

/** The delimiter by which a line is the header of a CSV file of faces; undefined if it is by none. */
export function headerDelimiter(head: string): Delimiter | undefined {
  return delimiters.find((delimiter) => {
    try {
      return isCsvHeader(firstFields(head, delimiter));
    } catch {
      return false;
    }
  });
}

/** A row of a CSV file of faces. */
export interface CsvRow {
  /** Its file and line. */
  readonly where: string;
  text(column: number): string;
  /** @throws {DatasetError} if the field is not a finite number. */
  number(column: number, name: string): number;
  /** 0, 1, true, false or nothing. @throws {DatasetError} if it is something else. */
  flag(column: number, name: string): boolean;
  /** x, y, w, h in units of the file; undefined if all four fields are empty: an image without faces. */
  box(): [number, number, number, number] | undefined;
}

/**
 * Read a CSV file of faces row by row.
 *
 * @param delimiter as the header shows; for a file without, the one that its first line has.
 * @param begin     called with the columns before the first row.
 * @throws {DatasetError} with the line, if a row has fewer or more fields than the header.
 */
export function readCsvTable(
  source: ByteSource,
  delimiter: Delimiter,
  context: ReadingContext,
  begin: (columns: CsvColumns) => void,
  visit: (row: CsvRow) => void,
): void {
  let columns: CsvColumns | undefined;
  const start = (header: readonly string[], where: string): CsvColumns => {
    const found = csvColumns(header, where, context);
    context.told('boxes', found.boxForm);
    begin(found);
    return found;
  };
  if (context.columns !== undefined) columns = start(context.columns.split(','), context.flag('columns'));
  const row = new Row(source.place);
  const ending = new LastNumbers();
  readRows(
    source,
    delimiter,
    (fields, line, isUnended) => {
      if (columns === undefined) {
        columns = start(fields, `${source.place}:${line}`);
        return;
      }
      if (fields.length !== columns.count) {
        throw new DatasetError(
          `${source.place}:${line}: expected ${columns.count} fields as the header has, got ${fields.length}; correct the row, or quote fields that hold ${JSON.stringify(delimiter)}`,
        );
      }
      const last = fields[fields.length - 1];
      const doubt = isUnended ? ending.doubtOf(last, `${source.place}:${line}`) : undefined;
      if (doubt !== undefined) context.note(doubt);
      ending.see(last);
      row.set(fields, line, columns);
      visit(row);
    },
    (bytes) => context.onRead?.(bytes, source.sizeBytes),
  );
  if (columns === undefined) {
    throw new DatasetError(`${source.place}: expected a header with the names of the columns, got nothing`);
  }
}

class Row implements CsvRow {
  readonly #place: string;
  #fields: readonly string[] = [];
  #line = 0;
  #box: CsvColumns['box'] = [0, 0, 0, 0];
  #form: BoxForm = 'xywh';

  constructor(place: string) {
    this.#place = place;
  }

  set(fields: readonly string[], line: number, { box, boxForm }: CsvColumns): void {
    this.#fields = fields;
    this.#line = line;
    this.#box = box;
    this.#form = boxForm;
  }

  get where(): string {
    return `${this.#place}:${this.#line}`;
  }

  text(column: number): string {
    return column < 0 ? '' : this.#fields[column];
  }

  number(column: number, name: string): number {
    const text = this.#fields[column];
    const value = Number(text);
    if (Number.isFinite(value) && text !== '' && decimal.test(text)) return value;
    throw new DatasetError(
      `${this.where}: expected a finite number as ${name}, got ${JSON.stringify(text.slice(0, 60))}; correct the field`,
    );
  }

  flag(column: number, name: string): boolean {
    const text = this.text(column).trim().toLowerCase();
    if (text === '' || text === '0' || text === 'false' || text === 'no') return false;
    if (text === '1' || text === 'true' || text === 'yes') return true;
    throw new DatasetError(
      `${this.where}: expected 0 or 1 as ${name}, got ${JSON.stringify(text.slice(0, 60))}; correct the field`,
    );
  }

  box(): [number, number, number, number] | undefined {
    const columns = this.#box;
    if (columns.every((column) => this.#fields[column].trim() === '')) return undefined;
    const a = this.number(columns[0], 'the first number of the box');
    const b = this.number(columns[1], 'the second number of the box');
    const c = this.number(columns[2], 'the third number of the box');
    const d = this.number(columns[3], 'the fourth number of the box');
    switch (this.#form) {
      case 'xywh':
        return [a, b, c, d];
      case 'xyxy':
        return [a, b, c - a, d - b];
      case 'cxcywh':
        return [a - c / 2, b - d / 2, c, d];
    }
  }
}

/** Decimal numbers; `Number` also takes hexadecimal ones. */
const decimal = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

/** Whether a text is a decimal number, and none that a code may be (`007`). */
export function isNumberText(text: string): boolean {
  return decimal.test(text) && !/^\s*[+-]?0\d/.test(text) && Number.isFinite(Number(text));
}
