import { isShare } from '../format/is-share.js';
import { formatChange, formatPointDifference, pointDigits } from '../format/number.js';
import { familyOf } from '../gate/family-of.js';
import type { ComparedNumber } from './compare-records.js';

/** A compared number in words; a share differs in points, anything else by a part of the baseline. */
export interface DescribedNumber {
  readonly baseline: string;
  readonly value: string;
  /** Empty where the two are not comparable. */
  readonly difference: string;
  /** `−3.89 to +2.05`; empty where there is none. */
  readonly interval: string;
}

/** Write a compared number for people. */
export function describeNumber(number: ComparedNumber): DescribedNumber {
  const { key, baseline, value, difference, interval } = number;
  const write = familyOf(key)?.family.format ?? String;
  const both = { baseline: write(baseline), value: write(value) };
  const points = isShare(key);
  if (difference === undefined || (!points && baseline === 0)) return { ...both, difference: '', interval: '' };
  const digits = interval === undefined ? 2 : pointDigits(interval);
  const change = (of: number): string => (points ? formatPointDifference(of, digits) : formatChange(of / baseline));
  return {
    ...both,
    difference: change(difference),
    interval: interval === undefined ? '' : interval.map(change).join(' to '),
  };
}
