import { DatasetError, ShapeError } from '@retinabench/core/basics';

/** Digits of 6 bits, least significant group first; bit 5 says that another digit follows (VLQ, as in source maps). */
const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const digitCodes = Uint8Array.from(digits, (digit) => digit.charCodeAt(0));

const digitValue = Int8Array.from({ length: 128 }, (_, code) => digits.indexOf(String.fromCharCode(code)));

/** Room for the text at hand, reused: a record has thousands of short ones. */
let codes = new Uint8Array(4096);

/**
 * Write the points of one image's curve as text: each increment as an unsigned base-64 VLQ number. Exact, and 3
 * characters for most points.
 *
 * @param points flat triples (threshold step, proposals added, true positives added), whole numbers of at least 0;
 * thresholds are written as the step from the point before (the first from 0).
 * @throws {ShapeError} if the length is not a multiple of 3 or a number is negative, not whole or above 2^31 - 1.
 */
export function encodePoints(points: ArrayLike<number>): string {
  if (points.length % 3 !== 0) {
    throw new ShapeError(`curve points: expected triples, got ${points.length} numbers`);
  }
  // Seven digits hold 31 bits and more.
  if (codes.length < 7 * points.length) codes = new Uint8Array(14 * points.length);
  let count = 0;
  for (let index = 0; index < points.length; index++) {
    let rest = points[index];
    if (!Number.isInteger(rest) || rest < 0 || rest > 0x7fff_ffff) {
      throw new ShapeError(`curve points: expected whole numbers from 0 to 2147483647, got ${rest} at ${index}`);
    }
    while (rest >= 32) {
      codes[count++] = digitCodes[32 | (rest & 31)];
      rest >>>= 5;
    }
    codes[count++] = digitCodes[rest];
  }
  return asciiText(codes, count);
}

/** Characters that a call takes as arguments. */
const mostArguments = 4096;

/** The first `count` codes as text in one piece; added up sign by sign, it would be a tree that each reader flattens. */
function asciiText(codes: Uint8Array, count: number): string {
  let text = '';
  for (let at = 0; at < count; at += mostArguments) {
    text += Reflect.apply(String.fromCharCode, undefined, codes.subarray(at, Math.min(count, at + mostArguments)));
  }
  return text;
}

/**
 * Read points written by encodePoints into an array that has room for as many numbers as the text has characters.
 *
 * @param values receives the triples from `first` on.
 * @param place  where the text stands, for messages.
 * @returns where the triples end in `values`.
 * @throws {DatasetError} if a character is not a digit, the text ends within a number or a triple, or a number exceeds
 * 31 bits.
 */
export function decodePointsInto(text: string, values: Int32Array, first: number, place: () => string): number {
  let count = first;
  let value = 0;
  let shift = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const digit = code < 128 ? digitValue[code] : -1;
    if (digit < 0 || shift > 30 || (shift === 30 && digit > 1)) {
      throw new DatasetError(
        `${place()}: character ${at} (${JSON.stringify(text[at])}) does not continue a number of the curve's points; the record was edited: make it again`,
      );
    }
    value |= (digit & 31) << shift;
    if (digit >= 32) {
      shift += 5;
    } else {
      values[count++] = value;
      value = 0;
      shift = 0;
    }
  }
  if (shift !== 0 || (count - first) % 3 !== 0) {
    throw new DatasetError(
      `${place()}: expected whole triples of curve points, got ${count - first} numbers${shift === 0 ? '' : ' and a part'}; the record was cut: make it again`,
    );
  }
  return count;
}
