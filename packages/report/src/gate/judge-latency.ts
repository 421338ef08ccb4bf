import { judgeSlowdown, quantile, type SlowdownJudgement } from '@retinabench/results';
import { formatChange, significant } from '../format/number.js';
import type { ConfiguredRule } from './config.js';
import type { GateResult, Verdict } from './result.js';

/** One number of a process, such as the low end of its times of one stage, of base and head in pairs. */
export interface InterleavedNumbers {
  readonly base: readonly number[];
  readonly head: readonly number[];
}

/** How a rule is judged among the others of its run. */
export interface InterleavedPlan {
  /** Pairs of the last look. */
  readonly lastLook: number;
  /** The rule's share of the false alarms that the whole run may raise. */
  readonly falseAlarm: number;
}

/** Whether a series decides a rule, and the result so far. */
export interface LatencyDecision {
  readonly decided: boolean;
  readonly result: GateResult;
}

/** False alarms of a whole run, all its rules and looks together. */
const falseAlarms = 0.01;

/** Of these, what the rules on the low end of the times may raise; the others, which vary more, share the rest. */
const shareOfTimes = 0.7;

/** The false alarms that each rule of a run may raise: their sum is that of the run (Bonferroni, with weights). */
export function sharesOfFalseAlarms(rules: readonly ConfiguredRule[]): ReadonlyMap<ConfiguredRule, number> {
  const judged = rules.filter(({ family }) => family.judge === undefined);
  const times = judged.filter((rule) => !isGuarding(rule));
  const others = judged.length - times.length;
  const share = others === 0 ? 1 : times.length === 0 ? 0 : shareOfTimes;
  return new Map(
    judged.map((rule) => [rule, falseAlarms * (isGuarding(rule) ? (1 - share) / others : share / times.length)]),
  );
}

/** Whether a rule is on a number that a disturbed machine moves much: a tail, a mean, a start, memory. */
function isGuarding({ family }: ConfiguredRule): boolean {
  return family.guards !== undefined;
}

/**
 * Judge one number by a rule of an interleaved run.
 *
 * A rule on the low end of the times passes once its slowdown is ruled out. One on a tail, a mean, a start or memory
 * passes, too, while the estimate is nearer to no change than to its bound: it varies so much that ruling out would take
 * hundreds of pairs. Its message says what could not be ruled out.
 *
 * @param numbers at one of `slowdownLooks` pairs; undefined if the commands did not report it.
 * @returns undefined if they did not and the user did not name the rule.
 */
export function judgeLatency(
  rule: ConfiguredRule,
  numbers: InterleavedNumbers | undefined,
  plan: InterleavedPlan,
): LatencyDecision | undefined {
  if (numbers === undefined) {
    return isGuarding(rule) && !rule.explicit ? undefined : { decided: true, result: missing(rule) };
  }
  const base = quantile(numbers.base, 0.5);
  const head = quantile(numbers.head, 0.5);
  if (rule.family.judge !== undefined) {
    const { key, level } = rule;
    const judged = rule.family.judge(base, head, rule.options);
    return { decided: true, result: { rule: key, level, ...judged, verdict: weigh(rule, judged.verdict) } };
  }
  const threshold = rule.options.maxIncrease ?? 0.05;
  const judgement = judgeSlowdown(numbers.base, numbers.head, { threshold, ...plan });
  const { verdict, change } = judgement;
  const near = isGuarding(rule) && Math.log1p(change) < Math.log1p(threshold) / 2;
  const outcome: Verdict = verdict === 'slower' ? 'fail' : verdict === 'not slower' || near ? 'pass' : 'inconclusive';
  return {
    decided: outcome !== 'inconclusive' || verdict !== 'continue',
    result: {
      rule: rule.key,
      check: 'maxIncrease',
      level: rule.level,
      verdict: weigh(rule, outcome),
      ...describe(rule, base, head, threshold, judgement),
      message: messageOf(rule, judgement, near),
    },
  };
}

function weigh({ level }: ConfiguredRule, verdict: Verdict): Verdict {
  return verdict === 'fail' && level === 'warn' ? 'warn' : verdict;
}

function missing({ key, level, subject }: ConfiguredRule): GateResult {
  return {
    rule: key,
    check: 'present',
    level,
    verdict: level === 'warn' ? 'warn' : 'fail',
    expected: `times of ${subject}`,
    actual: 'none from the commands',
    values: {},
    message: `The commands report no ${subject}; measure it, or remove the rule.`,
  };
}

function describe(
  { family }: ConfiguredRule,
  base: number,
  head: number,
  threshold: number,
  { change, interval: [low, high], pSlower, pBelowThreshold, pairs }: SlowdownJudgement,
): Pick<GateResult, 'expected' | 'actual' | 'values'> {
  return {
    expected: `less than ${formatChange(threshold)}`,
    actual: `${family.format(base)} to ${family.format(head)}, ${formatChange(change)} [${formatChange(low)}, ${formatChange(high)}]`,
    values: {
      baseline: base,
      record: head,
      change,
      low,
      high,
      pSlower,
      pBelowThreshold,
      pairs,
      maxIncrease: threshold,
    },
  };
}

function messageOf({ key }: ConfiguredRule, judgement: SlowdownJudgement, near: boolean): string {
  const { verdict, pairs, pSlower, pBelowThreshold, interval } = judgement;
  const evidence = `${pairs} interleaved pairs, signed-rank p = ${significant(pSlower)} for an increase, ${significant(pBelowThreshold)} for below the threshold`;
  if (verdict === 'slower') return `${key} has increased (${evidence}).`;
  if (verdict === 'not slower') return `${key} has not increased by the threshold (${evidence}).`;
  if (near) return `${key} shows no increase, up to ${formatChange(interval[1])} is not ruled out (${evidence}).`;
  return `${key} cannot be told on this machine (${evidence}); run on a quieter one, or make the command measure longer.`;
}
