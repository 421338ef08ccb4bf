import type { DifferenceInterval } from '../difference/difference-interval.js';
import { formatPointInterval, significant } from '../format/number.js';
import type { ConfiguredRule } from './config.js';
import { judgeDrop, pValueOf } from './judge-drop.js';
import type { Outcome } from './result.js';

/**
 * Hold the rise of a number that is better the lower it is against a tolerance: the same judgement as of a drop, on the
 * mirrored difference.
 *
 * @param maxRise in the unit of the number.
 */
export function checkRise(
  { key, family }: ConfiguredRule,
  before: number,
  value: number,
  maxRise: number,
  certain: DifferenceInterval & { readonly how: string },
): Outcome {
  const { difference, interval, pValue, sample, caveat, how } = certain;
  const [low, high] = interval;
  const mirrored: DifferenceInterval = {
    difference: -difference,
    interval: [-high, -low],
    ...(pValue === undefined ? {} : { pValue: (bound: number) => pValue(-bound) }),
    ...(sample === undefined ? {} : { sample }),
  };
  const { verdict, reason, needed } = judgeDrop(mirrored, maxRise, { done: 'risen', change: 'rise', allow: 'rise' });
  const counts =
    sample === undefined ? {} : { [sample.unit]: sample.count, differing: sample.differing, tells: sample.tells };
  return {
    check: 'maxRise',
    verdict,
    expected: `a rise of at most ${significant(maxRise * 100)} points`,
    actual: `${family.format(before)} to ${family.format(value)}, ${formatPointInterval(difference, interval)}`,
    values: {
      baseline: before,
      record: value,
      difference,
      low,
      high,
      maxRise,
      allowed: maxRise,
      ...(low < high ? { pValue: pValueOf(mirrored, -maxRise) } : {}),
      ...counts,
      ...(needed === undefined ? {} : { needed }),
    },
    message: `${key} ${reason}${how}.${caveat === undefined ? '' : ` Note: ${caveat}.`}`,
    ...(caveat === undefined ? {} : { caveat }),
  };
}
