import { mantissaLimit, powersOfTen } from './parse-number.js';

const space = 0x20;
const newline = 0x0a;
const minus = 0x2d;

/** Decimals that a row may have: their power of ten is exact. */
const mostDecimals = 22;

/**
 * Parse a line of plain decimal numbers, each behind one space but the first, with or without a space at its end, in one pass:
 * the form that programs write. Anything else (a tab, a comma, an exponent, a word, a carriage return, more or fewer numbers) is left to who reads such lines.
 *
 * @param out Float64Array: receives as many numbers as it has room for, each as `parseNumber` gives it.
 * @returns the end of the line, its newline left out; -1 if the line is of another form, and `out` then holds nothing of use.
 * Cost: O(line), allocates nothing.
 */
export function parsePlainRow(bytes: Uint8Array, start: number, out: Float64Array): number {
  const end = bytes.length;
  let at = start;
  for (let field = 0; field < out.length; field++) {
    const isNegative = at < end && bytes[at] === minus;
    if (isNegative) at++;
    const firstDigit = at;
    let mantissa = 0;
    let point = -1;
    for (; at < end; at++) {
      const digit = bytes[at] - 0x30;
      if (digit >= 0 && digit <= 9) {
        if (mantissa > mantissaLimit) return -1;
        mantissa = mantissa * 10 + digit;
      } else if (digit === -2 && point < 0) {
        point = at;
      } else {
        break;
      }
    }
    const decimals = point < 0 ? 0 : at - point - 1;
    if (at - firstDigit - (point < 0 ? 0 : 1) === 0 || decimals > mostDecimals) return -1;
    const value = mantissa / powersOfTen[decimals];
    out[field] = isNegative ? -value : value;
    if (field + 1 < out.length && (at >= end || bytes[at++] !== space)) return -1;
  }
  // The public writers end their lines with a space.
  if (at < end && bytes[at] === space) at++;
  return at >= end || bytes[at] === newline ? at : -1;
}
