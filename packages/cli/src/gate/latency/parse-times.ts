import { DatasetError, describeJson, shortenText } from '@retinabench/core';
import { quantile } from '@retinabench/results';
import { parseOutput, stagesOf } from './parse-output.js';

/**
 * The quantile of a process's repetitions that represents it. Whatever disturbs a repetition makes it longer, so the low
 * end is what the code itself takes; a median under load is mostly the scheduler. Not the minimum, so that one lucky
 * repetition decides nothing.
 * Source: Chen and Revels 2016, Robust benchmarking in noisy environments (which takes the minimum).
 */
const lowQuantile = 0.1;

/**
 * The times that a measuring command printed, one number per stage: the 10 % quantile of a list. Standard output, or its
 * last line, is JSON: a list of milliseconds (of the stage `total`), an object of stages, or an object whose `latencyMs`
 * is one, such as a result record; a stage is a number, a list, or an object with `p10` or else `median`.
 *
 * @param place names the command, for messages.
 * @throws {DatasetError} if it has another form or a time is not above 0.
 */
export function parseTimes(stdout: string, place: string): Map<string, number> {
  const times = new Map<string, number>();
  for (const [stage, entry] of Object.entries(stagesOf(parseOutput(stdout, place)))) {
    const ms = representative(entry);
    if (ms === undefined || !(ms > 0 && Number.isFinite(ms))) {
      throw new DatasetError(
        `${place}: ${shortenText(stage)}: expected milliseconds above 0, or a list of them, got ${describeJson(entry)}`,
      );
    }
    times.set(stage, ms);
  }
  if (times.size === 0) throw new DatasetError(`${place}: expected times as JSON, got an object without any`);
  return times;
}

function representative(entry: unknown): number | undefined {
  if (typeof entry === 'number') return entry;
  if (Array.isArray(entry)) {
    return entry.length > 0 && entry.every((ms) => typeof ms === 'number' && Number.isFinite(ms))
      ? quantile(entry as number[], lowQuantile)
      : undefined;
  }
  if (typeof entry !== 'object' || entry === null) return undefined;
  const ms = 'p10' in entry ? entry.p10 : 'median' in entry ? entry.median : undefined;
  return typeof ms === 'number' ? ms : undefined;
}
