/** Largest finite half-precision number. */
export const largestFloat16 = 65_504;

/**
 * An IEEE 754 half-precision number as a double.
 *
 * @param bits its 16 bits.
 */
export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * The half-precision number nearest to `value`, ties to even.
 *
 * @param value 65,520 and more in size becomes infinite; NaN stays NaN.
 * @returns its 16 bits.
 */
export function floatToHalf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (magnitude >= 65_520) return sign | 0x7c00;
  // Below 2^-14 numbers are evenly spaced by 2^-24; above, by 2^-10 of their power of two.
  const exponent = Math.max(Math.floor(Math.log2(magnitude)), -14);
  const units = roundHalfEven(magnitude / 2 ** (exponent - 10));
  // A mantissa that rounds up to 2,048 carries into the exponent by itself.
  return sign | (units < 1024 ? units : (exponent + 14) * 1024 + units);
}

/**
 * Half-precision bits to numbers.
 *
 * @param bits Uint16Array of IEEE 754 binary16.
 * @returns the exact values.
 */
export function decodeFloat16(bits: Uint16Array): Float32Array {
  return Float32Array.from(bits, halfToFloat);
}

/**
 * Numbers to half-precision bits, rounded to nearest, ties to even.
 *
 * @param values above 65,504 in size become infinite.
 * @returns Uint16Array of IEEE 754 binary16.
 */
export function encodeFloat16(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, floatToHalf);
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
