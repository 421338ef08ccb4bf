import { DatasetError } from '@retinabench/core';
import Papa from 'papaparse';
import type { ByteSource } from '../source/open-source.js';

/**
 * Receives a row of a CSV file.
 *
 * @param line     the line that it begins in, counted from 1.
 * @param isUnended whether the file ends without a line break behind it.
 */
export type RowVisitor = (fields: readonly string[], line: number, isUnended: boolean) => void;

/** Signs that separate fields. */
export type Delimiter = ',' | ';' | '\t';

const [newline, carriageReturn, quote] = [0x0a, 0x0d, 0x22];

/** Bytes that are parsed at once, if no single row has more. */
const partBytes = 256 * 1024;

/** Largest row; a quotation mark that is never closed would make one of the whole file. */
const mostRowBytes = 16 * 1024 * 1024;

/**
 * Read the rows of a CSV file (RFC 4180: fields may be quoted, quoted fields may hold delimiters and line breaks), in parts of
 * whole rows. Lines end with LF, CR LF or CR. Blank lines are passed over.
 *
 * @throws {DatasetError} with the line, if quotation marks are not closed or a byte is not UTF-8.
 * Cost: O(bytes); holds a part of 256 KiB.
 */
export function readRows(
  source: ByteSource,
  delimiter: Delimiter,
  visit: RowVisitor,
  onRead?: (bytes: number) => void,
): void {
  let buffer = new Uint8Array(Math.min(partBytes, source.sizeBytes + 64));
  let end = 0;
  let line = 1;
  let passed = 0;
  for (let atEnd = false; !atEnd; ) {
    const count = source.read(buffer, end);
    end += count;
    atEnd = count === 0;
    if (!atEnd && end < buffer.length) continue;
    const cut = atEnd ? end : lastRowEnd(buffer, end);
    if (cut === 0 && !atEnd) {
      if (buffer.length >= mostRowBytes) {
        throw new DatasetError(
          `${source.place}:${line}: expected rows of at most ${mostRowBytes} bytes, got a longer one; is a quotation mark not closed?`,
        );
      }
      const larger = new Uint8Array(2 * buffer.length);
      larger.set(buffer);
      buffer = larger;
      continue;
    }
    line = parsePart(buffer.subarray(0, cut), source.place, delimiter, line, visit);
    buffer.copyWithin(0, cut, end);
    end -= cut;
    passed += cut;
    onRead?.(passed);
  }
}

/** The end of the last row that is whole: a line break outside quotes. */
function lastRowEnd(bytes: Uint8Array, end: number): number {
  let open = false;
  let cut = 0;
  if (bytes.subarray(0, end).indexOf(quote) < 0) {
    const last = Math.max(bytes.lastIndexOf(newline, end - 1), bytes.lastIndexOf(carriageReturn, end - 2));
    return last + 1;
  }
  for (let at = 0; at < end; at++) {
    const byte = bytes[at];
    if (byte === quote) open = !open;
    else if (!open && (byte === newline || (byte === carriageReturn && at + 1 < end && bytes[at + 1] !== newline))) {
      cut = at + 1;
    }
  }
  return cut;
}

/** Parse whole rows. @returns the line behind them. */
function parsePart(
  bytes: Uint8Array,
  place: string,
  delimiter: Delimiter,
  firstLine: number,
  visit: RowVisitor,
): number {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new DatasetError(
      `${place}:${firstLine}: expected text in UTF-8, got other bytes in the part that begins here; save it as UTF-8`,
      { cause },
    );
  }
  const lineBreak = text.includes('\n') ? (text.includes('\r\n') ? '\r\n' : '\n') : text.includes('\r') ? '\r' : '\n';
  // A file may mix LF and CR LF, as editors of two systems leave it.
  const even = lineBreak === '\r\n' ? text.replaceAll('\r\n', '\n') : text;
  const parsed = Papa.parse<string[]>(even, { delimiter, newline: lineBreak === '\r' ? '\r' : '\n' });
  let line = firstLine;
  const broken = parsed.errors.find(({ type }) => type === 'Quotes');
  const quoted = even.includes('"');
  const endsWithBreak = even.endsWith('\n') || even.endsWith('\r');
  parsed.data.forEach((fields, row) => {
    if (broken !== undefined && broken.row === row) {
      throw new DatasetError(
        `${place}:${line}: expected quoted fields that are closed before the delimiter, got ${JSON.stringify(fields.join(delimiter).slice(0, 60))}; correct the quotation marks`,
        { cause: broken },
      );
    }
    if (fields.length > 1 || fields[0].trim() !== '')
      visit(fields, line, !endsWithBreak && row === parsed.data.length - 1);
    line++;
    if (quoted) for (const field of fields) for (const character of field) if (character === '\n') line++;
  });
  return endsWithBreak && parsed.data.length > 0 ? line - 1 : line;
}
