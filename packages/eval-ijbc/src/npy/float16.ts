/**
 * An IEEE 754 half-precision number as a number.
 *
 * @param bits 16 bits: sign, 5 of exponent (bias 15), 10 of fraction.
 * @returns its exact value; infinities and NaN as such.
 */
export function float16ToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
