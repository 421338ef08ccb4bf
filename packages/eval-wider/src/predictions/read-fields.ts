import { parseNumber, parsePlainRow } from '@retinabench/core/basics';

const space = 0x20;
const tab = 0x09;
const comma = 0x2c;
const carriageReturn = 0x0d;

/** Where the box and the score stand in a line: four fields of the box, then that of the score, counted from 0. */
export type FieldColumns = readonly [number, number, number, number, number];

/** `x y w h score`, as the layout asks for. */
export const layoutColumns: FieldColumns = [0, 1, 2, 3, 4];

/** Reads the five numbers of lines; further fields are passed over, whatever they hold. */
export class FieldReader {
  /** Float64Array [5]: the box and the score of the last line that was read. */
  readonly fields = new Float64Array(5);
  /** The place in `fields` of each field of a line, or -1. */
  readonly #slots: Int8Array;
  readonly #isLayout: boolean;

  constructor(columns: FieldColumns = layoutColumns) {
    this.#isLayout = columns.every((column, slot) => column === slot);
    this.#slots = new Int8Array(Math.max(...columns) + 1).fill(-1);
    columns.forEach((column, slot) => {
      this.#slots[column] = slot;
    });
  }

  /**
   * Read the line at `start` if it is the five numbers of the layout and nothing else, as programs write it.
   *
   * @returns its end, the newline left out; -1 if it is another line, which `read` knows.
   */
  readPlain(bytes: Uint8Array, start: number): number {
    return this.#isLayout ? parsePlainRow(bytes, start, this.fields) : -1;
  }

  /**
   * Read the line bytes[start, end).
   *
   * @param commas `consistent`: fields are separated by white space, or all of them by commas, so that `1,5 2,5` with its
   * decimal commas is refused; `any`: by white space or commas in any mixture.
   * @returns whether the line has all five numbers.
   * Cost: O(end - start).
   */
  read(bytes: Uint8Array, start: number, end: number, commas: 'consistent' | 'any'): boolean {
    const slots = this.#slots;
    let at = skipSpace(bytes, start, end);
    while (commas === 'any' && at < end && isSeparator(bytes[at])) at++;
    let withComma = 0;
    for (let field = 0; field < slots.length; field++) {
      let fieldEnd = at;
      while (fieldEnd < end && !isSeparator(bytes[fieldEnd])) fieldEnd++;
      if (slots[field] >= 0) {
        if (!parseNumber(bytes, at, fieldEnd, this.fields, slots[field])) return false;
      } else if (fieldEnd === at) {
        return false;
      }
      at = skipSpace(bytes, fieldEnd, end);
      if (field + 1 < slots.length && at < end && bytes[at] === comma) {
        withComma++;
        at = skipSpace(bytes, at + 1, end);
        while (commas === 'any' && at < end && isSeparator(bytes[at])) at++;
      }
    }
    return commas === 'any' || withComma === 0 || withComma === slots.length - 1;
  }
}

/** Whether a byte separates fields: white space within a line, or a comma. */
export function isSeparator(byte: number): boolean {
  return byte === space || byte === tab || byte === comma || byte === carriageReturn;
}

function skipSpace(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] === space || bytes[at] === tab || bytes[at] === carriageReturn)) at++;
  return at;
}
