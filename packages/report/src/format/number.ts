/** A fraction in percent, as AP and TAR are published: 0.73827 is `73.83 %`. */
export function formatPoints(fraction: number): string {
  return `${(fraction * 100).toFixed(2)} %`;
}

/** A difference of fractions in points with its sign: -0.0051 is `-0.51`. */
export function formatPointDifference(difference: number, digits = 2): string {
  return signed(difference * 100, digits);
}

/** Digits after the point, 2 to 6, that show the two ends of an interval of points apart. */
export function pointDigits([low, high]: readonly [number, number]): number {
  let digits = 2;
  while (digits < 6 && low !== high && signed(low * 100, digits) === signed(high * 100, digits)) digits++;
  return digits;
}

/** A difference of fractions in points with its interval: `-0.51 [-0.70, -0.30]`, the ends never written alike unless they are. */
export function formatPointInterval(difference: number, interval: readonly [number, number]): string {
  const digits = pointDigits(interval);
  const [middle, low, high] = [difference, ...interval].map((value) => formatPointDifference(value, digits));
  return `${middle} [${low}, ${high}]`;
}

/** A relative change with its sign: 0.051 is `+5.1 %`. */
export function formatChange(ratio: number): string {
  return `${signed(ratio * 100, 1)} %`;
}

/** Milliseconds with three significant digits or more: `0.412 ms`, `23.1 ms`, `1742 ms`. */
export function formatMs(milliseconds: number): string {
  return `${significant(milliseconds)} ms`;
}

/** Bytes in the largest binary unit that keeps the number at 1 or more: `1.66 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? String(value) : significant(value)} ${units[unit]}`;
}

/** Three significant digits, or all digits before the point. */
export function significant(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  if (size >= 1) return value.toFixed(2);
  return size >= 0.001 ? String(Number(value.toPrecision(3))) : value.toExponential(2);
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${value < 0 ? '−' : '+'}${text}`;
}
