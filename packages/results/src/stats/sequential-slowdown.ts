import { ProtocolError, ShapeError } from '@retinabench/core/basics';
import type { Interval } from '../record/interval.js';
import { hodgesLehmann } from './hodges-lehmann.js';
import { signedRankTest } from './signed-rank.js';

/** How two interleaved series of times are judged. */
export interface SlowdownOptions {
  /** Slowdown that must not pass, as a fraction of the base; default 0.05. */
  readonly threshold?: number;
  /** Probability of a false alarm over all looks, if nothing changed; default 0.01. */
  readonly falseAlarm?: number;
  /** Probability of passing a slowdown of the threshold over all looks; default 0.05. */
  readonly missed?: number;
  /** Pairs of the last look; what the looks after it would spend of the errors, it spends. Default: that of the plan. */
  readonly lastLook?: number;
}

/** What the pairs so far say. */
export interface SlowdownJudgement {
  /** `continue`: not decided, and more pairs are allowed; the look to take next is `nextPairs`. */
  readonly verdict: 'slower' | 'not slower' | 'inconclusive' | 'continue';
  readonly pairs: number;
  /** Head over base less 1, the Hodges-Lehmann estimate on logarithms. */
  readonly change: number;
  /** 95 % interval of `change`. */
  readonly interval: Interval;
  /** One-sided p-value against "no slower", of this look. */
  readonly pSlower: number;
  /** One-sided p-value against "slower by the threshold", of this look. */
  readonly pBelowThreshold: number;
  readonly nextPairs?: number;
}

/** Pairs at which the series is looked at: each half as many again as the one before. */
export const slowdownLooks: readonly number[] = [12, 18, 27, 40, 60, 90, 135];

/**
 * Share of the error that each look may spend, rising with the pairs as an O'Brien-Fleming plan does; the shares add up
 * to 1, so the chance of an error over all looks is at most the whole (Bonferroni).
 */
const spending: readonly number[] = [0.05, 0.06, 0.1, 0.15, 0.2, 0.2, 0.24];

/**
 * Judge interleaved times of two versions, pair by pair: base and head of a pair ran one after the other, so what the
 * machine does to both cancels.
 *
 * Two one-sided signed-rank tests on log(head / base). `not slower` if a slowdown of the threshold is ruled out;
 * `slower` if no slowdown is ruled out and the estimate is nearer to the threshold than to zero; neither: more pairs, up
 * to the last look, then `inconclusive`. So a slowdown of the threshold is found, one under half of it passes, and
 * between the two either may happen.
 *
 * @param baseMs times of the base, one per process, in the order they ran.
 * @param headMs times of the head, as many.
 * @throws {ShapeError} if the series differ in length, are not at a look, or hold a time that is not above 0.
 * @throws {ProtocolError} if an option is out of range.
 */
export function judgeSlowdown(
  baseMs: readonly number[],
  headMs: readonly number[],
  options: SlowdownOptions = {},
): SlowdownJudgement {
  const {
    threshold = 0.05,
    falseAlarm = 0.01,
    missed = 0.05,
    lastLook = slowdownLooks[slowdownLooks.length - 1],
  } = options;
  const look = slowdownLooks.indexOf(baseMs.length);
  if (baseMs.length !== headMs.length || look < 0) {
    throw new ShapeError(
      `slowdown: expected ${slowdownLooks.join(', ')} times of each version, got ${baseMs.length} and ${headMs.length}`,
    );
  }
  const bad = [...baseMs, ...headMs].find((ms) => !(ms > 0 && Number.isFinite(ms)));
  if (bad !== undefined) throw new ShapeError(`slowdown: expected times above 0 ms, got ${bad}`);
  for (const [name, value] of Object.entries({ falseAlarm, missed })) {
    if (!(value > 0 && value < 1)) throw new ProtocolError(`slowdown: ${name}: expected between 0 and 1, got ${value}`);
  }
  if (!(threshold > 0 && Number.isFinite(threshold))) {
    throw new ProtocolError(`slowdown: threshold: expected more than 0, got ${threshold}`);
  }
  const last = slowdownLooks.indexOf(lastLook);
  if (last < look) {
    throw new ProtocolError(
      `slowdown: lastLook: expected one of ${slowdownLooks.join(', ')}, not before ${baseMs.length} pairs, got ${lastLook}`,
    );
  }
  const share = look < last ? spending[look] : spending.slice(look).reduce((sum, part) => sum + part, 0);
  const logRatios = baseMs.map((base, pair) => Math.log(headMs[pair] / base));
  const limit = Math.log1p(threshold);
  const pSlower = signedRankTest(logRatios).pGreater;
  const pBelowThreshold = signedRankTest(logRatios.map((ratio) => ratio - limit)).pLess;
  const { estimate, interval } = hodgesLehmann(logRatios);
  const judgement = {
    pairs: baseMs.length,
    change: Math.expm1(estimate),
    interval: [Math.expm1(interval[0]), Math.expm1(interval[1])] as const,
    pSlower,
    pBelowThreshold,
  };
  if (pBelowThreshold < missed * share) return { ...judgement, verdict: 'not slower' };
  if (pSlower < falseAlarm * share && estimate >= limit / 2) return { ...judgement, verdict: 'slower' };
  if (look === last) return { ...judgement, verdict: 'inconclusive' };
  return { ...judgement, verdict: 'continue', nextPairs: slowdownLooks[look + 1] };
}
