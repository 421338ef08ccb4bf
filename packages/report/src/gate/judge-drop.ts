import { formatCount, upperNormal } from '@retinabench/results';
import type { DifferenceInterval } from '../difference/difference-interval.js';
import { neededToTell } from '../difference/needed-to-tell.js';
import { significant } from '../format/number.js';

/** Whether a number has dropped by more than it may. */
export interface DropJudgement {
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  /** What the verdict rests on and, where it is open, what would decide it; ends a sentence. */
  readonly reason: string;
  /** Two-sided p-value of a drop of exactly the tolerance. */
  readonly pValue: number;
  /** About how many units would decide; only where the verdict is open and a number would. */
  readonly needed?: number;
}

/** How a change for the worse is spoken of. */
export interface ChangeWords {
  /** `dropped`, `grown`. */
  readonly done: string;
  /** `loss`, `increase`. */
  readonly change: string;
  /** What is allowed: `drop`, `increase`. */
  readonly allow: string;
}

function article(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** Rounding of a decimal tolerance against a difference of decimals, far below any tolerance that means something. */
const rounding = 1e-12;

/**
 * Judge a drop by the interval of a paired difference.
 *
 * - `pass`: the interval leaves out every loss above the tolerance, or nothing that the number depends on has changed.
 * - `fail`: the interval holds only losses above the tolerance.
 * - `fail`, too, where so few units differ that no interval can tell, none got better, and the number of those that got
 *   worse rules out every loss up to the tolerance.
 * - `inconclusive`: neither. The reason says which loss so many units tell from none and how many would decide.
 *
 * @param maxDrop in the unit of the number, at least 0.
 * @param words   of the reason: what has dropped, or, of a difference that was turned round, grown.
 */
export function judgeDrop(
  certain: DifferenceInterval,
  maxDrop: number,
  words: ChangeWords = { done: 'dropped', change: 'loss', allow: 'drop' },
): DropJudgement {
  const { done, change, allow } = words;
  const { interval, sample } = certain;
  const [low, high] = interval;
  const pValue = pValueOf(certain, -maxDrop);
  if (sample?.differing === 0 || low >= -maxDrop - rounding) {
    return { verdict: 'pass', reason: `has not ${done} by more than the tolerance`, pValue };
  }
  if (high < -maxDrop - rounding) return { verdict: 'fail', reason: `has ${done} by more than the tolerance`, pValue };
  const counted = certain.losses?.pValue(maxDrop);
  if (counted !== undefined && counted < 0.05 && certain.losses !== undefined) {
    const of = sample === undefined ? '' : ` of ${formatCount(sample.count)} ${sample.unit}`;
    return {
      verdict: 'fail',
      reason: `has ${done} by more than the tolerance: ${formatCount(certain.losses.worse)}${of} got worse and none better, p = ${significant(counted)} by their count (too few for an interval to tell)`,
      pValue: counted,
    };
  }
  const points = (loss: number): string => `${significant(loss * 100)} points`;
  const excluded = `may have ${done} by more than the tolerance or not: ${article(change)} above ${points(-low)} is ruled out, one above ${points(maxDrop)} is not`;
  if (sample === undefined) return { verdict: 'inconclusive', reason: excluded, pValue };
  const { unit, count, tells } = sample;
  const needed = neededToTell(certain, maxDrop)?.count;
  const would =
    needed === undefined
      ? `no number of ${unit} would decide a tolerance of ${points(maxDrop)}: allow more`
      : `about ${formatCount(needed)} ${unit} would decide; evaluate on more, or allow a larger ${allow}`;
  return {
    verdict: 'inconclusive',
    reason: `${excluded}; ${formatCount(count)} ${unit} tell ${article(change)} of ${points(tells)} from none, ${would}`,
    pValue,
    ...(needed === undefined ? {} : { needed }),
  };
}

/**
 * Two-sided p-value of the hypothesis that the true difference is `bound`: that of the method behind the interval, or, where
 * there is none, of a normal distribution whose 95 % interval has the given end on that side.
 */
export function pValueOf({ difference, interval, pValue }: DifferenceInterval, bound: number): number {
  if (pValue !== undefined) return pValue(bound);
  const distance = Math.abs(difference - bound);
  if (distance <= rounding) return 1;
  const side = bound < difference ? difference - interval[0] : interval[1] - difference;
  return side > 0 ? 2 * upperNormal((1.959964 * distance) / side) : 0;
}
