import { type Interval, quantile, type ResultRecord } from '@retinabench/results';
import { headlineValues } from '../baseline/headline.js';
import type { DifferenceInterval, PairedDifference } from '../difference/difference-interval.js';
import { intervalOfDifference, intervalOfMedian } from '../difference/interval-of-difference.js';
import { type NeededUnits, neededToTell } from '../difference/needed-to-tell.js';
import { pairedDraws } from '../difference/paired-draws.js';
import { pairedSubjectDifference } from '../difference/paired-subjects.js';
import { describeDifferences, findIncomparable } from '../gate/comparable.js';
import { familyOf } from '../gate/family-of.js';
import { pValueOf } from '../gate/judge-drop.js';
import type { RuleFamily } from '../gate/rule-family.js';

/**
 * What a difference says. `uncertain`: better or worse by itself, but not certain among all numbers of its table.
 * `not told apart`: the numbers differ, and the interval of their difference holds zero.
 */
export type Mark = 'better' | 'worse' | 'uncertain' | 'not told apart' | 'same' | 'not comparable';

/** One number of a record beside the baseline's. */
export interface ComparedNumber {
  /** Key of its gate rule, such as `ap.hard`. */
  readonly key: string;
  readonly baseline: number;
  readonly value: number;
  /** value - baseline; absent if not comparable. */
  readonly difference?: number;
  /** 95 %. */
  readonly interval?: Interval;
  /** Two-sided p-value of no difference; only where there is an interval. */
  readonly pValue?: number;
  /** The same adjusted for all numbers of the table, `controlMarks`. */
  readonly pAdjusted?: number;
  readonly mark: Mark;
  /** Where an interval holds zero: how many units would tell, if the difference is as large as it looks. */
  readonly needed?: NeededUnits;
  /** What a reader should know of the comparison, as a half sentence: `no image differs`. */
  readonly caveat?: string;
  /** How the interval was made, or why there is no comparison. */
  readonly how: string;
}

/** Differences below this come of the order of floating-point sums, and are none. */
const rounding = 1e-12;

/**
 * Every number that two records share, as a difference with its interval and a mark: `better` or `worse` if the 95 %
 * interval leaves out zero, else `not told apart`, or `same` where nothing differs by 1e-12 or more; `controlMarks` holds the error of a whole table down. Times and memory of different
 * runs are marked only past 5 %, and only as a hint.
 */
export function compareRecords(
  baseline: ResultRecord,
  record: ResultRecord,
  pairedApDifference: PairedDifference,
): ComparedNumber[] {
  const before = headlineValues(baseline);
  return Object.entries(headlineValues(record)).flatMap(([key, value]) => {
    const was = before[key];
    const rule = familyOf(key);
    if (was === undefined || rule === undefined) return [];
    const { family, subject } = rule;
    return [compareValues({ baseline, record, family, subject, key, was, value, pairedApDifference })];
  });
}

/**
 * One number of two records, as `compareRecords` has it.
 *
 * @returns undefined if a record lacks the number, or no rule reads it.
 */
export function compareNumber(
  baseline: ResultRecord,
  record: ResultRecord,
  key: string,
  pairedApDifference: PairedDifference,
): ComparedNumber | undefined {
  const rule = familyOf(key);
  if (rule === undefined) return undefined;
  const { family, subject } = rule;
  const [was, value] = [family.read(baseline, subject), family.read(record, subject)];
  if (was === undefined || value === undefined) return undefined;
  return compareValues({ baseline, record, family, subject, key, was, value, pairedApDifference });
}

interface Pair {
  readonly baseline: ResultRecord;
  readonly record: ResultRecord;
  readonly family: RuleFamily;
  readonly subject: string;
  readonly key: string;
  readonly was: number;
  readonly value: number;
  readonly pairedApDifference: PairedDifference;
}

function compareValues(pair: Pair): ComparedNumber {
  const { baseline, record, family, key, was, value } = pair;
  const different = findIncomparable(baseline, record, family.needs);
  if (different.length > 0) {
    const how = different
      .map(({ reason, differences }) => `another ${reason}: ${describeDifferences(differences)}`)
      .join('; ');
    return { key, baseline: was, value, mark: 'not comparable', how };
  }
  const certain = differenceOf(pair);
  const { difference, interval } = certain;
  const resolution = family.caveat?.(record, pair.subject);
  const how = [certain.how, resolution, certain.caveat].filter((part) => part !== undefined).join('; ');
  const gain = family.better === 'higher' ? 1 : -1;
  const [low, high] = interval ?? [difference, difference];
  const hint = family.certainty === 'never' || family.variesByRun === true;
  const tooSmall = hint && Math.abs(difference) < 0.05 * was;
  const rounded = Math.abs(difference) < rounding;
  const differs = !rounded && !tooSmall && (low > 0 || high < 0);
  const alike: Mark = rounded || interval === undefined ? 'same' : 'not told apart';
  const mark: Mark = !differs ? alike : difference * gain > 0 ? 'better' : 'worse';
  const needed = mark === 'not told apart' ? neededToTell(certain) : undefined;
  return {
    key,
    baseline: was,
    value,
    difference,
    ...(interval === undefined ? {} : { interval, pValue: rounded ? 1 : pValueOf({ ...certain, interval }, 0) }),
    mark,
    ...(needed === undefined ? {} : { needed }),
    ...(certain.caveat === undefined ? {} : { caveat: certain.caveat }),
    how,
  };
}

function differenceOf(
  pair: Pair,
): Partial<DifferenceInterval> & Pick<DifferenceInterval, 'difference'> & { readonly how: string } {
  const { baseline, record, family, subject, key, was, value } = pair;
  const difference = value - was;
  if (family.certainty === 'paired') {
    const paired = pair.pairedApDifference(baseline, record, subject);
    if (paired !== undefined) return { ...paired, how: 'paired over the images' };
  }
  if (family.certainty === 'draws') {
    const drawn = pairedDraws(family.readDraws?.(baseline, subject), family.readDraws?.(record, subject), was, value);
    if (drawn !== undefined) return drawn;
  }
  const overSubjects =
    family.certainty === 'subjects' ? pairedSubjectDifference(baseline, record, key, was, value) : undefined;
  if (overSubjects?.kind === 'paired') {
    const { interval, caveat } = overSubjects;
    return { difference, interval, how: `${overSubjects.how}${caveat === undefined ? '' : `; ${caveat}`}` };
  }
  const why = overSubjects === undefined ? '' : `; not paired: ${overSubjects.why}`;
  if (family.certainty === 'never') {
    const times = [baseline.latencyMs?.[subject], record.latencyMs?.[subject]];
    const [first, second] = times;
    if (first !== undefined && second !== undefined) {
      const interval = intervalOfDifference(was, intervalOfMedian(first), value, intervalOfMedian(second));
      return { difference, interval, how: 'intervals within each run', caveat: hintOfTimes(baseline, record) };
    }
  }
  const wasInterval = family.readInterval?.(baseline, subject);
  const isInterval = family.readInterval?.(record, subject);
  if (wasInterval !== undefined && isInterval !== undefined) {
    const interval = intervalOfDifference(was, wasInterval, value, isInterval);
    return { difference, interval, how: `intervals of both records, taken as independent${why}` };
  }
  if (family.variesByRun === true) return { difference, how: 'one run each', caveat: hintOfTimes(baseline, record) };
  return { difference, how: family.certainty === 'exact' ? 'exact' : `no interval in the records${why}` };
}

/** Why two runs say little of speed: what else the machine did meanwhile, where the records tell. */
function hintOfTimes(...records: readonly ResultRecord[]): string {
  const shares = records.flatMap(({ loadOfOthers }) =>
    loadOfOthers === undefined ? [] : quantile(loadOfOthers.shares, 0.5),
  );
  const load =
    shares.length < records.length
      ? ''
      : `, while other programs took ${shares.map((share) => `${Math.round(share * 100)} %`).join(' and ')} of the processors`;
  return `a hint, of two runs${load}: gate --latency decides`;
}
