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

/** Largest finite half-precision number. */
const largestHalf = 65_504;

/**
 * The half-precision number nearest to `value`, ties to even, clamped to the finite range.
 *
 * @param value finite.
 * @returns its 16 bits.
 */
export function floatToHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.min(Math.abs(value), largestHalf);
  // Below 2^-14 numbers are evenly spaced by 2^-24; above, by 2^-10 of their power of two.
  const exponent = Math.max(Math.floor(Math.log2(magnitude)), -14);
  const units = roundHalfEven(magnitude / 2 ** (exponent - 10));
  return sign | (units < 1024 ? units : (exponent + 14) * 1024 + units);
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
