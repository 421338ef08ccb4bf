import { formatCount } from '@retinabench/results';
import type { DifferenceInterval } from '../difference/difference-interval.js';
import { intervalOfDifference } from '../difference/interval-of-difference.js';
import { pairedDraws } from '../difference/paired-draws.js';
import { pairedSubjectDifference } from '../difference/paired-subjects.js';
import { formatChange, formatPointInterval, significant } from '../format/number.js';
import { checkBounds } from './check-bounds.js';
import { checkCertainIncrease } from './check-certain-increase.js';
import { checkRise } from './check-rise.js';
import { describeDifferences, findIncomparable } from './comparable.js';
import type { ConfiguredRule } from './config.js';
import type { GateContext } from './gate-context.js';
import { judgeDrop, pValueOf } from './judge-drop.js';
import type { GateResult, Outcome, Verdict } from './result.js';

/** Rounding of a decimal tolerance against a difference of decimals, far below any tolerance that means something. */
const rounding = 1e-12;

/**
 * Hold a record against one rule: its absolute bound and its bound against the baseline, one result each.
 *
 * @returns no result if neither record has the number and the user did not name the rule.
 */
export function checkRule(rule: ConfiguredRule, context: GateContext): GateResult[] {
  const { family, subject, options, explicit } = rule;
  const value = family.read(context.record, subject);
  const before = family.read(context.baseline, subject);
  if (value === undefined && before === undefined && !explicit) return [];
  // A statistic that older versions did not record is no reason to refuse what they measured.
  const isGuard = family.guards !== undefined && !explicit;
  if (isGuard && (value === undefined || before === undefined)) return [];
  const outcomes: Outcome[] = [];
  if (value === undefined) {
    outcomes.push(missing(rule));
  } else {
    outcomes.push(...checkBounds(rule, context, value));
    if (options.maxDrop !== undefined || options.maxIncrease !== undefined || options.maxRise !== undefined) {
      outcomes.push(checkAgainstBaseline(rule, context, value, before));
    }
  }
  return outcomes.map((outcome) => ({ rule: rule.key, level: rule.level, ...outcome, verdict: weigh(rule, outcome) }));
}

function weigh({ level }: ConfiguredRule, { verdict }: Outcome): Verdict {
  return verdict === 'fail' && level === 'warn' ? 'warn' : verdict;
}

function missing({ key }: ConfiguredRule): Outcome {
  return {
    check: 'present',
    verdict: 'fail',
    expected: `a value of ${key}`,
    actual: 'none in the record',
    values: {},
    message: `The record has no ${key}; evaluate what the rule asks for, or remove the rule.`,
  };
}

function checkAgainstBaseline(
  rule: ConfiguredRule,
  context: GateContext,
  value: number,
  before: number | undefined,
): Outcome {
  const { maxDrop, maxRise } = rule.options;
  const check = maxRise !== undefined ? 'maxRise' : maxDrop !== undefined ? 'maxDrop' : 'maxIncrease';
  if (before === undefined) {
    return {
      check,
      verdict: 'not comparable',
      expected: `a baseline with ${rule.key}`,
      actual: 'none in the baseline',
      values: { record: value },
      message: `The baseline has no ${rule.key}; accept a new baseline with retinabench baseline.`,
    };
  }
  const different = findIncomparable(context.baseline, context.record, rule.family.needs);
  if (different.length > 0) {
    const allowed = different.every(({ reason }) => context.allow.includes(reason));
    const reasons = different
      .map(({ reason, differences }) => `another ${reason} (${describeDifferences(differences)})`)
      .join(' and ');
    const numbers = `${rule.family.format(before)} and ${rule.family.format(value)}`;
    const differences = different.flatMap((one) => one.differences);
    return {
      check,
      verdict: 'not comparable',
      expected: differences.map(({ setting, baseline }) => `${setting} ${baseline}`).join(', '),
      actual: differences.map(({ setting, record }) => `${setting} ${record}`).join(', '),
      values: { baseline: before, record: value },
      allowed,
      differences,
      message: allowed
        ? `Not comparable (${numbers}): ${reasons}; allowed by the configuration.`
        : `Not comparable (${numbers}): ${reasons}; evaluate under the baseline's conditions, or accept a new baseline.`,
    };
  }
  if (rule.family.judge !== undefined) return rule.family.judge(before, value, rule.options);
  if (maxRise !== undefined) return checkRise(rule, before, value, maxRise, differenceOf(rule, context, before, value));
  return check === 'maxDrop'
    ? checkDrop(rule, context, before, value, rule.options.maxDrop ?? 0)
    : rule.family.increase === 'certain'
      ? checkCertainIncrease(rule, before, value, withCaveat(differenceOf(rule, context, before, value), rule, context))
      : checkIncrease(rule, before, value, rule.options.maxIncrease ?? 0);
}

function checkDrop(
  rule: ConfiguredRule,
  context: GateContext,
  before: number,
  value: number,
  maxDrop: number,
): Outcome {
  const { key, family } = rule;
  const certain = withCaveat(differenceOf(rule, context, before, value), rule, context);
  const { difference, interval, sample, caveat, how } = certain;
  const common = {
    check: 'maxDrop',
    expected: `a drop of at most ${significant(maxDrop * 100)} points`,
    actual: `${family.format(before)} to ${family.format(value)}, ${formatPointInterval(difference, interval)}`,
    values: {
      baseline: before,
      record: value,
      difference,
      low: interval[0],
      high: interval[1],
      maxDrop,
      ...(interval[0] < interval[1] ? { pValue: pValueOf(certain, -maxDrop) } : {}),
    },
  };
  const note = caveat === undefined ? '' : ` Note: ${caveat}.`;
  if (certain.paired) {
    const { verdict, reason, pValue, needed } = judgeDrop(certain, maxDrop);
    const counts =
      sample === undefined ? {} : { [sample.unit]: sample.count, differing: sample.differing, tells: sample.tells };
    return {
      ...common,
      values: { ...common.values, pValue, ...counts, ...(needed === undefined ? {} : { needed }) },
      verdict,
      message: `${key} ${reason}${how}.${note}`,
      ...(caveat === undefined ? {} : { caveat }),
    };
  }
  if (difference >= -maxDrop - rounding) {
    return { ...common, verdict: 'pass', message: `${key} has not dropped by more than the tolerance${how}.` };
  }
  if (interval[1] < -maxDrop - rounding) {
    return { ...common, verdict: 'fail', message: `${key} has dropped by more than the tolerance${how}.` };
  }
  return {
    ...common,
    verdict: 'inconclusive',
    message: `${key} has dropped, but the interval of the drop reaches back into the tolerance${how}; evaluate ${rule.subject} on more data.`,
  };
}

function withCaveat<T extends { readonly how: string }>(
  certain: T,
  { family, subject }: ConfiguredRule,
  { record }: GateContext,
): T {
  const caveat = family.caveat?.(record, subject);
  return caveat === undefined ? certain : { ...certain, how: `${certain.how}; ${caveat}` };
}

function differenceOf(
  { key, family, subject }: ConfiguredRule,
  { baseline, record, pairedApDifference }: GateContext,
  before: number,
  value: number,
): DifferenceInterval & { readonly how: string; readonly paired: boolean } {
  const difference = value - before;
  const paired = family.certainty === 'paired' ? pairedApDifference(baseline, record, subject) : undefined;
  if (paired !== undefined) {
    const over = paired.sample === undefined ? '' : ` over ${formatCount(paired.sample.count)} ${paired.sample.unit}`;
    return { ...paired, how: ` (paired${over}, 95 %)`, paired: true };
  }
  if (family.certainty === 'draws') {
    const [was, is] = [family.readDraws?.(baseline, subject), family.readDraws?.(record, subject)];
    const drawn = pairedDraws(was, is, before, value);
    if (drawn !== undefined) return { ...drawn, how: ` (${drawn.how}, 95 %)`, paired: true };
  }
  const overSubjects =
    family.certainty === 'subjects' ? pairedSubjectDifference(baseline, record, key, before, value) : undefined;
  if (overSubjects?.kind === 'paired') return { ...overSubjects, how: ` (${overSubjects.how}, 95 %)`, paired: true };
  const why = overSubjects === undefined ? '' : `; not paired: ${overSubjects.why}`;
  const was = family.readInterval?.(baseline, subject);
  const is = family.readInterval?.(record, subject);
  if (was !== undefined && is !== undefined) {
    return {
      difference,
      interval: intervalOfDifference(before, was, value, is),
      how: ` (intervals of the two records taken as independent, 95 %${why})`,
      paired: false,
    };
  }
  const how = family.certainty === 'exact' ? '' : ` (no interval: the records lack what it takes${why})`;
  return { difference, interval: [difference, difference], how, paired: false };
}

function checkIncrease({ key, family }: ConfiguredRule, before: number, value: number, maxIncrease: number): Outcome {
  const increase = before === 0 ? (value === 0 ? 0 : 1) : value / before - 1;
  const passes = increase <= maxIncrease + rounding;
  const common = {
    check: 'maxIncrease',
    expected: `at most ${formatChange(maxIncrease)}`,
    actual: `${family.format(before)} to ${family.format(value)}, ${formatChange(increase)}`,
    values: { baseline: before, record: value, increase, maxIncrease },
  };
  if (family.certainty === 'never') {
    if (passes) {
      const message = `${key} shows no slowdown past the tolerance.`;
      // Said by the rules on the times themselves; those on tails and starts would only repeat it.
      if (family.guards !== undefined) return { ...common, verdict: 'pass', message };
      const caveat = 'times of two runs rule no slowdown out; retinabench gate --latency or --latency-models does';
      return { ...common, verdict: 'pass', message: `${message} Note: ${caveat}.`, caveat };
    }
    return {
      ...common,
      verdict: 'inconclusive',
      message: `${key} is slower, but times of different runs decide nothing; run retinabench gate --latency, which interleaves both.`,
    };
  }
  return passes
    ? { ...common, verdict: 'pass', message: `${key} has not grown past the tolerance.` }
    : { ...common, verdict: 'fail', message: `${key} has grown past the tolerance.` };
}
