import { seededRandom } from '@retinabench/core';
import { type ConfiguredRule, type GateResult, type InterleavedTimes, judgeLatency } from '@retinabench/report';
import { slowdownLooks } from '@retinabench/results';
import type { Output } from '../../terminal/output.js';
import { startProgress } from '../../terminal/progress.js';
import { parseTimes } from './parse-times.js';
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
 * Run base and head in alternating processes, the order within each pair drawn at random, until every rule is decided
 * or the pairs are used up. One process of each runs first and does not count: it warms disk and file caches.
 *
 * @throws {EnvironmentError} if a command fails.
 * @throws {DatasetError} if its output is not times.
 */
export async function compareInterleaved(output: Output, interleaving: Interleaving): Promise<GateResult[]> {
  const { base, head, rules, maxPairs, seed, signal } = interleaving;
  const looks = slowdownLooks.filter((look) => look <= maxPairs);
  const random = seededRandom(seed);
  const baseTimes: Map<string, number>[] = [];
  const headTimes: Map<string, number>[] = [];
  const measure = async (side: MeasuringCommand): Promise<Map<string, number>> =>
    parseTimes(await runCommand(side, signal), side.command);
  const progress = startProgress(output, looks[looks.length - 1], 'pairs');
  try {
    await measure(base);
    await measure(head);
    for (const look of looks) {
      while (baseTimes.length < look) {
        if (random() < 0.5) {
          baseTimes.push(await measure(base));
          headTimes.push(await measure(head));
        } else {
          headTimes.push(await measure(head));
          baseTimes.push(await measure(base));
        }
        progress.update(baseTimes.length);
      }
      const isLast = look === looks[looks.length - 1];
      const decisions = rules.map((rule) => judgeLatency(rule, timesOf(rule.subject, baseTimes, headTimes), isLast));
      if (decisions.every(({ decided }) => decided)) return decisions.map(({ result }) => result);
    }
    return [];
  } finally {
    progress.stop();
  }
}

function timesOf(
  stage: string,
  base: readonly Map<string, number>[],
  head: readonly Map<string, number>[],
): InterleavedTimes | undefined {
  const baseMs = base.map((times) => times.get(stage));
  const headMs = head.map((times) => times.get(stage));
  const isTime = (ms: number | undefined): ms is number => ms !== undefined;
  return baseMs.every(isTime) && headMs.every(isTime) ? { baseMs, headMs } : undefined;
}
