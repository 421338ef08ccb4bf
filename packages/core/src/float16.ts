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

/** Every half-precision number as float32, made on first use. */
let table: Float32Array | undefined;

/**
 * Half-precision bits to numbers.
 *
 * @param bits Uint16Array of IEEE 754 binary16.
 * @returns the exact values.
 * Cost: O(N), one look-up each in a table of 256 kB.
 */
export function decodeFloat16(bits: Uint16Array): Float32Array {
  table ??= Float32Array.from({ length: 65_536 }, (_, value) => halfToFloat(value));
  const values = new Float32Array(bits.length);
  for (let at = 0; at < bits.length; at++) values[at] = table[bits[at]];
  return values;
}

/**
 * Numbers to half-precision bits, rounded to nearest, ties to even.
 *
 * @param values from 65,520 on in size become infinite; NaN stays NaN.
 * @returns Uint16Array of IEEE 754 binary16.
 * Cost: O(N) in integer arithmetic, without a logarithm a number: images are converted with it.
 * Source: IEEE 754-2008, section 4.3.1; the rebiasing of the exponent in integers follows Giesen's float_to_half.
 */
export function encodeFloat16(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length);
  const float = new Float32Array(1);
  const bits = new Uint32Array(float.buffer);
  for (let at = 0; at < values.length; at++) {
    float[0] = values[at];
    const sign = (bits[0] >>> 16) & 0x8000;
    const magnitude = bits[0] & 0x7fffffff;
    if (magnitude >= 0x47800000) {
      halves[at] = sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00);
    } else if (magnitude < 0x38800000) {
      // Below 2^-14 halves are evenly spaced by 2^-24: adding 0.5 leaves their count in the last bits, rounded to even.
      bits[0] = magnitude;
      float[0] += 0.5;
      halves[at] = sign | (bits[0] - 0x3f000000);
    } else {
      // The exponent's bias falls from 127 to 15; 0xfff and the last kept bit round the 13 that go, ties to even.
      halves[at] = sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
    }
  }
  return halves;
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
