import { seededRandom } from '@retinabench/core';
import {
  type ConfiguredRule,
  type GateResult,
  type InterleavedNumbers,
  judgeLatency,
  type LatencyDecision,
  sharesOfFalseAlarms,
} from '@retinabench/report';
import { slowdownLooks } from '@retinabench/results';
import type { Output } from '../../terminal/output.js';
import { startProgress } from '../../terminal/progress.js';
import { parseMeasurement } from './parse-measurement.js';
import { type MeasuringCommand, runCommand } from './run-command.js';

/** A comparison of two commands that print times. */
export interface Interleaving {
  readonly base: MeasuringCommand;
  readonly head: MeasuringCommand;
  readonly rules: readonly ConfiguredRule[];
  /** Pairs at most; the last look is the largest within it. */
  readonly maxPairs: number;
  /** Of the order within pairs. */
  readonly seed: number;
  readonly signal: AbortSignal;
}

/**
 * Run base and head in alternating processes, the order within each pair drawn at random, until every rule is decided,
 * one of level `error` has failed or the pairs are used up. One process of each runs first and does not count: it warms
 * disk and file caches.
 *
 * @returns the results of the rules that the commands have numbers for, in their order.
 * @throws {EnvironmentError} if a command fails.
 * @throws {DatasetError} if its output is not times.
 */
export async function compareInterleaved(output: Output, interleaving: Interleaving): Promise<GateResult[]> {
  const { base, head, rules, maxPairs, seed, signal } = interleaving;
  const looks = slowdownLooks.filter((look) => look <= maxPairs);
  const lastLook = looks[looks.length - 1];
  const random = seededRandom(seed);
  const shares = sharesOfFalseAlarms(rules);
  const ofBase: Map<string, number>[] = [];
  const ofHead: Map<string, number>[] = [];
  const measure = async (side: MeasuringCommand): Promise<Map<string, number>> =>
    parseMeasurement(await runCommand(side, signal), side.command);
  const progress = startProgress(output, lastLook, 'pairs');
  /** A rule that failed stays failed: its share of the errors is spent on that. */
  const failed = new Map<ConfiguredRule, LatencyDecision>();
  try {
    await measure(base);
    await measure(head);
    for (const look of looks) {
      while (ofBase.length < look) {
        if (random() < 0.5) {
          ofBase.push(await measure(base));
          ofHead.push(await measure(head));
        } else {
          ofHead.push(await measure(head));
          ofBase.push(await measure(base));
        }
        progress.update(ofBase.length);
      }
      const decisions = rules.flatMap((rule) => {
        const plan = { lastLook, falseAlarm: shares.get(rule) ?? 0 };
        const decision = failed.get(rule) ?? judgeLatency(rule, numbersOf(rule.key, ofBase, ofHead), plan);
        if (decision === undefined) return [];
        if (['fail', 'warn'].includes(decision.result.verdict)) failed.set(rule, decision);
        return [decision];
      });
      const ends = decisions.some(({ result }) => result.verdict === 'fail');
      if (ends || look === lastLook || decisions.every(({ decided }) => decided)) {
        return decisions.map(({ result }) => result);
      }
    }
    return [];
  } finally {
    progress.stop();
  }
}

function numbersOf(
  key: string,
  ofBase: readonly Map<string, number>[],
  ofHead: readonly Map<string, number>[],
): InterleavedNumbers | undefined {
  const base = ofBase.map((measured) => measured.get(key));
  const head = ofHead.map((measured) => measured.get(key));
  const isNumber = (value: number | undefined): value is number => value !== undefined;
  return base.every(isNumber) && head.every(isNumber) ? { base, head } : undefined;
}
