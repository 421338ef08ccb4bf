import { DatasetError, parseNumber } from '@retinabench/core';

/** A line of a YOLO file. */
export interface YoloLine {
  readonly where: string;
  readonly classNumber: number;
  /** All numbers behind the class. */
  readonly values: Float64Array;
}

/** Largest coordinate in parts of an image: faces may lead over its edge, pixels are far larger. */
export const mostRelative = 10;

/** Most numbers of a line: a box, and a thousand points. */
const mostFields = 4000;

/**
 * Read the lines of a YOLO file, `class cx cy w h ...`, in parts of the image.
 *
 * @param bytes the file, without byte-order mark.
 * @param place for messages.
 * @throws {DatasetError} with the line, if a field is not a number, the class is not a whole number, or a coordinate of the box is too
 * large for a part of the image.
 * Cost: O(bytes).
 */
export function readYoloLines(bytes: Uint8Array, place: string, visit: (line: YoloLine) => void): void {
  const fields = new Float64Array(mostFields);
  let line = 0;
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    line++;
    const count = readFields(bytes, start, end, fields);
    if (count !== 0) {
      const where = `${place}:${line}`;
      if (count < 5) {
        const text = new TextDecoder().decode(bytes.subarray(start, Math.min(end, start + 80)));
        throw new DatasetError(
          `${where}: expected "class cx cy w h" as numbers, got ${JSON.stringify(text.trimEnd())}; correct the line`,
        );
      }
      if (!Number.isInteger(fields[0]) || fields[0] < 0) {
        throw new DatasetError(`${where}: expected the number of a class, got ${fields[0]}; correct the line`);
      }
      for (let at = 1; at < 5; at++) {
        if (Math.abs(fields[at]) <= mostRelative) continue;
        throw new DatasetError(
          `${where}: expected cx cy w h in parts of the image, got ${fields[at]}; are these pixels? YOLO has none`,
        );
      }
      visit({ where, classNumber: fields[0], values: fields.subarray(1, count) });
    }
    start = end + 1;
  }
}

/** The number of fields of a line, 0 if it is blank, -1 if one is not a number. */
function readFields(bytes: Uint8Array, start: number, end: number, fields: Float64Array): number {
  let count = 0;
  for (let at = start; ; ) {
    while (at < end && isBlank(bytes[at])) at++;
    if (at >= end) return count;
    let fieldEnd = at;
    while (fieldEnd < end && !isBlank(bytes[fieldEnd])) fieldEnd++;
    if (count === fields.length || !parseNumber(bytes, at, fieldEnd, fields, count)) return -1;
    if (!Number.isFinite(fields[count])) return -1;
    count++;
    at = fieldEnd;
  }
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}
