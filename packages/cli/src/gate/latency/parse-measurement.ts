import { quantile } from '@retinabench/results';
import { isObject, parseOutput, stagesOf } from './parse-output.js';
import { parseTimes } from './parse-times.js';

/** With fewer repetitions the 95 % quantile is little but their maximum; the mean sees that as well. */
const fewestForTail = 10;

/**
 * Everything of a measuring command's output that a rule can judge, by the key of the rule:
 *
 * | key | from |
 * | --- | --- |
 * | `latency.STAGE` | as parseTimes: the low end of the times |
 * | `latency.STAGE.p95`, `.mean` | of a list, without its first repetition; else what an object states |
 * | `start.firstRun` | the first repetition of a list of the stage `total`; else `onceMs.firstRun` |
 * | `start.NAME` | `onceMs.NAME`, such as `load` |
 * | `memory.peak` | `memoryPeakBytes` |
 * | `faces.found` | `metrics.faces`, `faces`, or in records of older versions `protocol.faces` |
 *
 * What the command does not print is absent. The first repetition is kept apart, so that a slow start is no tail.
 *
 * @param place names the command, for messages.
 * @throws {DatasetError} as parseTimes.
 */
export function parseMeasurement(stdout: string, place: string): Map<string, number> {
  const measured = new Map([...parseTimes(stdout, place)].map(([stage, ms]) => [`latency.${stage}`, ms]));
  const add = (key: string, value: unknown, least = Number.MIN_VALUE): void => {
    if (typeof value === 'number' && Number.isFinite(value) && value >= least && !measured.has(key)) {
      measured.set(key, value);
    }
  };
  const output = parseOutput(stdout, place);
  for (const [stage, entry] of Object.entries(stagesOf(output))) {
    if (Array.isArray(entry)) {
      const [first, ...steady] = entry as number[];
      if (steady.length === 0) continue;
      if (stage === 'total') add('start.firstRun', first);
      add(`latency.${stage}.mean`, steady.reduce((sum, ms) => sum + ms, 0) / steady.length);
      if (entry.length >= fewestForTail) add(`latency.${stage}.p95`, quantile(steady, 0.95));
    } else if (isObject(entry)) {
      for (const statistic of ['mean', 'p95']) add(`latency.${stage}.${statistic}`, entry[statistic]);
    }
  }
  if (!isObject(output)) return measured;
  const { onceMs, memoryPeakBytes, metrics, faces, protocol } = output;
  if (isObject(onceMs)) for (const [name, ms] of Object.entries(onceMs)) add(`start.${name}`, ms);
  add('memory.peak', memoryPeakBytes);
  for (const source of [
    isObject(metrics) ? metrics.faces : undefined,
    faces,
    isObject(protocol) ? protocol.faces : undefined,
  ]) {
    add('faces.found', source, 0);
  }
  return measured;
}
