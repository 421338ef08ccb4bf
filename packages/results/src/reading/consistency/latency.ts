import type { ResultRecord } from '../../record/record.js';
import { type Contradiction, checkRising, requireEqual, requireThat } from './contradiction.js';

/** Contradictions among a record's times: quantiles out of order, a spread or a time below zero. */
export function findLatencyContradictions({ latencyMs = {}, onceMs = {}, metrics }: ResultRecord): Contradiction[] {
  const stages = Object.entries(latencyMs).flatMap(([stage, times]) => ofStage(`latencyMs.${stage}`, times));
  const once = Object.entries(onceMs).flatMap(([name, ms]) =>
    requireThat(ms >= 0, `onceMs.${name}`, 'at least 0 ms', ms),
  );
  const rate = metrics?.imagesPerSecond;
  return [
    ...stages,
    ...once,
    ...(rate === undefined ? [] : requireThat(rate > 0, 'metrics.imagesPerSecond', 'more than 0', rate)),
  ];
}

type Times = NonNullable<ResultRecord['latencyMs']>[string];

function ofStage(path: string, times: Times): Contradiction[] {
  const { p10, median, p95, p99, mad, mean, n, roundMedians = [] } = times;
  const least = Math.min(p10 ?? 0, median, p95);
  return [
    ...requireThat(least >= 0, path, 'times of at least 0 ms', least),
    ...checkRising(
      [
        ...(p10 === undefined ? [] : [[`${path}.p10`, p10] as const]),
        [`${path}.median`, median],
        [`${path}.p95`, p95],
        ...(p99 === undefined ? [] : [[`${path}.p99`, p99] as const]),
      ],
      'the share',
    ),
    ...ofQuantiles(`${path}.quantiles`, times),
    ...requireThat(
      roundMedians.length <= n && Math.min(0, ...roundMedians) >= 0,
      `${path}.roundMedians`,
      `at most ${n}, as many as repetitions, of at least 0 ms`,
      roundMedians.length,
    ),
    ...requireThat(mad >= 0, `${path}.mad`, 'at least 0', mad),
    // Half of the repetitions take the median or more.
    ...(mean === undefined
      ? []
      : requireThat(
          mean >= (median / 2) * (1 - 1e-9),
          `${path}.mean`,
          `at least ${median / 2}, half the median`,
          mean,
        )),
  ];
}

/** Of 21 quantiles in steps of 5 %, the 10th is the median and the 19th the 95th percentile. */
function ofQuantiles(path: string, { quantiles = [], median, p95 }: Times): Contradiction[] {
  if (quantiles.length === 0) return [];
  return [
    ...checkRising(
      quantiles.map((value, index) => [`${path}.${index}`, value] as const),
      'the share',
    ),
    ...requireThat(quantiles.length === 21, path, '21 quantiles', quantiles.length),
    ...requireEqual(`${path}.10`, median, quantiles[10] ?? -1, 'the median'),
    ...requireEqual(`${path}.19`, p95, quantiles[19] ?? -1, 'p95'),
  ];
}
