import { judgeSlowdown, quantile, type SlowdownJudgement } from '@retinabench/results';
import { formatChange, formatMs, significant } from '../format/number.js';
import type { ConfiguredRule } from './config.js';
import type { GateResult } from './result.js';

/** Times of one stage, one per process, base and head in pairs. */
export interface InterleavedTimes {
  readonly baseMs: readonly number[];
  readonly headMs: readonly number[];
}

/** Whether a series decides a rule, and the result so far. */
export interface LatencyDecision {
  readonly decided: boolean;
  readonly result: GateResult;
}

/**
 * Judge the times of one stage by one latency rule.
 *
 * @param times at one of `slowdownLooks` pairs; undefined if the commands did not report the stage.
 * @param last  whether no more pairs will follow.
 */
export function judgeLatency(
  rule: ConfiguredRule,
  times: InterleavedTimes | undefined,
  last: boolean,
): LatencyDecision {
  const { key, level } = rule;
  const threshold = rule.options.maxIncrease ?? 0.05;
  if (times === undefined) {
    return {
      decided: true,
      result: {
        rule: key,
        check: 'present',
        level,
        verdict: level === 'warn' ? 'warn' : 'fail',
        expected: `times of ${rule.subject}`,
        actual: 'none from the commands',
        values: {},
        message: `The commands report no ${rule.subject}; measure it, or remove the rule.`,
      },
    };
  }
  const judgement = judgeSlowdown(times.baseMs, times.headMs, { threshold });
  const base = quantile(times.baseMs, 0.5);
  const head = quantile(times.headMs, 0.5);
  const [low, high] = judgement.interval;
  const { pairs, change, pSlower, pBelowThreshold } = judgement;
  const slower = judgement.verdict === 'slower';
  return {
    decided: judgement.verdict !== 'continue' || last,
    result: {
      rule: key,
      check: 'maxIncrease',
      level,
      verdict: slower
        ? level === 'warn'
          ? 'warn'
          : 'fail'
        : judgement.verdict === 'not slower'
          ? 'pass'
          : 'inconclusive',
      expected: `less than ${formatChange(threshold)}`,
      actual: `${formatMs(base)} to ${formatMs(head)}, ${formatChange(change)} [${formatChange(low)}, ${formatChange(high)}]`,
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
      message: messageOf(key, judgement),
    },
  };
}

function messageOf(key: string, { verdict, pairs, pSlower, pBelowThreshold }: SlowdownJudgement): string {
  const evidence = `${pairs} interleaved pairs, signed-rank p = ${significant(pSlower)} for slower, ${significant(pBelowThreshold)} for below the threshold`;
  switch (verdict) {
    case 'slower':
      return `${key} is slower (${evidence}).`;
    case 'not slower':
      return `${key} is not slower by the threshold (${evidence}).`;
    default:
      return `${key} cannot be told on this machine (${evidence}); run on a quieter one, or make the command measure longer.`;
  }
}
