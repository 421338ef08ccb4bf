import type { DifferenceInterval } from '../difference/difference-interval.js';
import { formatChange } from '../format/number.js';
import type { ConfiguredRule } from './config.js';
import { judgeDrop } from './judge-drop.js';
import type { Outcome } from './result.js';

/**
 * Judge an increase of a number of which less is better by the interval of its difference, as a drop of the number turned round.
 *
 * @param rule    its `maxIncrease` is a fraction of the baseline's number; absent: none is allowed.
 * @param certain the difference, record minus baseline, and how it was made.
 */
export function checkCertainIncrease(
  { key, family, options: { maxIncrease = 0 } }: ConfiguredRule,
  before: number,
  value: number,
  certain: DifferenceInterval & { readonly how: string },
): Outcome {
  const { difference, interval, sample, caveat, how, pValue: pValueAt } = certain;
  const turned = {
    ...certain,
    difference: -difference,
    interval: [-interval[1], -interval[0]] as const,
    ...(pValueAt === undefined ? {} : { pValue: (bound: number) => pValueAt(-bound) }),
  };
  const allowed = maxIncrease * before;
  const { verdict, reason, pValue, needed } = judgeDrop(turned, allowed, {
    done: 'grown',
    change: 'increase',
    allow: 'increase',
  });
  const counts =
    sample === undefined ? {} : { [sample.unit]: sample.count, differing: sample.differing, tells: sample.tells };
  const [low, high] = interval;
  return {
    check: 'maxIncrease',
    verdict,
    expected: `at most ${formatChange(maxIncrease)}`,
    actual: `${family.format(before)} to ${family.format(value)}, ${family.format(difference)} [${family.format(low)}, ${family.format(high)}]`,
    values: {
      baseline: before,
      record: value,
      difference,
      low,
      high,
      maxIncrease,
      allowed,
      ...(low < high ? { pValue } : {}),
      ...counts,
      ...(needed === undefined ? {} : { needed }),
    },
    message: `${key} ${reason}${how}.${caveat === undefined ? '' : ` Note: ${caveat}.`}`,
    ...(caveat === undefined ? {} : { caveat }),
  };
}
