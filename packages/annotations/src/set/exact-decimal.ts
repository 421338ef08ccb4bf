/**
 * The sum or difference of two doubles as their shortest decimal texts have it: 0.1 + 1 is 1.1 and 1.1 - 1 is 0.1, so that
 * what is written as a sum in decimals is read back as it was.
 *
 * @returns the exact decimal. Cost: O(digits); whole numbers take one addition.
 */
export function addDecimals(a: number | string, b: number | string, sign: 1 | -1 = 1): string {
  if (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a) && Number.isSafeInteger(b)) {
    return String(a + sign * b);
  }
  const left = scaled(String(a));
  const right = scaled(String(b));
  const places = Math.max(left.places, right.places);
  const at = ({ digits, places: own }: Scaled): bigint => digits * 10n ** BigInt(places - own);
  return format(at(left) + BigInt(sign) * at(right), places);
}

/** A number digits x 10^-places. */
interface Scaled {
  readonly digits: bigint;
  readonly places: number;
}

/** @param text a decimal number of JavaScript: `-1.5`, `1e-7`. */
function scaled(text: string): Scaled {
  const [, sign = '', whole = '0', fraction = '', exponent = '0'] =
    /^\s*([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?\s*$/.exec(text) ?? [];
  const digits = BigInt(`${whole}${fraction}` || '0') * (sign === '-' ? -1n : 1n);
  const places = fraction.length - Number(exponent);
  return places >= 0 ? { digits, places } : { digits: digits * 10n ** BigInt(-places), places: 0 };
}

function format(value: bigint, places: number): string {
  const sign = value < 0n ? '-' : '';
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, '0');
  if (places === 0) return sign + digits;
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return `${sign}${digits.slice(0, -places)}${fraction === '' ? '' : `.${fraction}`}`;
}
