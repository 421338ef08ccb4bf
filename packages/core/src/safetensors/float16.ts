/**
 * Half-precision bits to numbers, by table of exponent and mantissa.
 *
 * @param bits Uint16Array of IEEE 754 binary16.
 * @returns the exact values.
 */
export function decodeFloat16(bits: Uint16Array): Float32Array {
  const out = new Float32Array(bits.length);
  for (let index = 0; index < bits.length; index++) {
    const sign = bits[index] & 0x8000 ? -1 : 1;
    const exponent = (bits[index] >> 10) & 0x1f;
    const fraction = bits[index] & 0x3ff;
    if (exponent === 0) out[index] = sign * fraction * 2 ** -24;
    else if (exponent === 31) out[index] = fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    else out[index] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  return out;
}

/**
 * Numbers to half-precision bits, rounded to nearest, ties to even.
 *
 * @param values above 65,504 in size become infinite.
 * @returns Uint16Array of IEEE 754 binary16.
 */
export function encodeFloat16(values: Float32Array): Uint16Array {
  const out = new Uint16Array(values.length);
  for (let index = 0; index < values.length; index++) out[index] = halfBits(values[index]);
  return out;
}

function halfBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | roundToEven(size * 2 ** 24);
  const exponent = Math.min(15, Math.floor(Math.log2(size)));
  const floor = size / 2 ** exponent >= 1 ? (size / 2 ** exponent < 2 ? exponent : exponent + 1) : exponent - 1;
  // A mantissa that rounds up to 1024 carries into the exponent by itself.
  return sign | (((floor + 15) << 10) + roundToEven((size / 2 ** floor - 1) * 1024));
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
