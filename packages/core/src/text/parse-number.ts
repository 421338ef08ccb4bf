/** Powers of ten that are exact in double precision. */
export const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** Above this, one more digit could leave the whole numbers that double precision holds exactly. */
export const mantissaLimit = Math.floor((Number.MAX_SAFE_INTEGER - 9) / 10);

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const notFinite = /^[+-]?(nan|inf|infinity)$/i;

/**
 * Parse the ASCII number in bytes[start, end) to the nearest double, as Python's `float` and JavaScript's `Number` do.
 *
 * @param out receives the value at `index`; NaN for `nan`, and infinities as such.
 * @returns whether the bytes are a number and nothing else.
 * Cost: O(end - start); allocates only for more than 15 digits, an exponent or a word.
 * Exact: a mantissa below 2^53 and a power of ten up to 10^22 are both exact, so one division rounds once
 * (W. D. Clinger, "How to read floating point numbers accurately", 1990).
 */
export function parseNumber(bytes: Uint8Array, start: number, end: number, out: Float64Array, index: number): boolean {
  let at = start;
  const sign = bytes[at];
  if (at < end && (sign === 0x2d || sign === 0x2b)) at++;
  const firstDigit = at;
  let mantissa = 0;
  let point = -1;
  for (; at < end; at++) {
    const digit = bytes[at] - 0x30;
    if (digit >= 0 && digit <= 9) {
      if (mantissa > mantissaLimit) return parseSlowly(bytes, start, end, out, index);
      mantissa = mantissa * 10 + digit;
    } else if (digit === -2 && point < 0) {
      point = at;
    } else {
      return parseSlowly(bytes, start, end, out, index);
    }
  }
  const decimals = point < 0 ? 0 : end - point - 1;
  if (at - firstDigit - (point < 0 ? 0 : 1) === 0 || decimals > 22) return parseSlowly(bytes, start, end, out, index);
  const value = mantissa / powersOfTen[decimals];
  out[index] = sign === 0x2d ? -value : value;
  return true;
}

function parseSlowly(bytes: Uint8Array, start: number, end: number, out: Float64Array, index: number): boolean {
  if (end - start > 400) return false;
  let text = '';
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at]);
  if (decimal.test(text)) out[index] = Number(text);
  else if (!notFinite.test(text)) return false;
  else if (/nan/i.test(text)) out[index] = Number.NaN;
  else out[index] = text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return true;
}
