import type { JsonViolation } from '@retinabench/core';
import type { Interval } from '../../record/interval.js';

/** Two parts of a record that contradict each other, as a violation: where, the value expected, the value found. */
export type Contradiction = JsonViolation;

/** Rounding between a number and the same number recomputed; far below any published digit. */
const tolerance = 1e-9;

/** Whether two numbers are the same but for rounding. */
export function agrees(a: number, b: number): boolean {
  return Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b));
}

/** Whether `a` is at most `b`, up to rounding. */
export function isAtMost(a: number, b: number): boolean {
  return a <= b || agrees(a, b);
}

/** The contradiction, unless `actual` is `expected` but for rounding, and for what its parts were rounded by before they were kept. */
export function requireEqual(
  path: string,
  expected: number,
  actual: number,
  from: string,
  rounding = 0,
): Contradiction[] {
  return agrees(expected, actual) || Math.abs(expected - actual) <= rounding
    ? []
    : [{ path, expected: `${expected}, ${from}`, actual: String(actual) }];
}

/** The contradiction, unless `holds`. */
export function requireThat(holds: boolean, path: string, expected: string, actual: number | string): Contradiction[] {
  return holds ? [] : [{ path, expected, actual: String(actual) }];
}

/** An interval has to hold its value and to lie within `within`. */
export function checkInterval(
  path: string,
  interval: Interval | undefined,
  value: number | undefined,
  within: Interval = [0, 1],
): Contradiction[] {
  if (interval === undefined) return [];
  const [low, high] = interval;
  const shown = `[${low}, ${high}]`;
  if (!(low <= high)) return [{ path, expected: 'low, then high', actual: shown }];
  if (!(isAtMost(within[0], low) && isAtMost(high, within[1]))) {
    return [{ path, expected: `bounds from ${within[0]} to ${within[1]}`, actual: shown }];
  }
  if (value === undefined) return [{ path, expected: 'no interval, for there is no value', actual: shown }];
  return requireThat(
    isAtMost(low, value) && isAtMost(value, high),
    path,
    `an interval that holds its value, ${value}`,
    shown,
  );
}

/** The first place where numbers that must not decrease along their names do. */
export function checkRising(
  entries: readonly (readonly [path: string, value: number])[],
  along: string,
): Contradiction[] {
  for (let at = 1; at < entries.length; at++) {
    const [before, low] = entries[at - 1];
    const [path, value] = entries[at];
    if (!isAtMost(low, value)) {
      return [{ path, expected: `at least ${low}, as ${before}: it rises with ${along}`, actual: String(value) }];
    }
  }
  return [];
}
