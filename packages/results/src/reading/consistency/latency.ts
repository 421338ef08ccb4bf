import type { ResultRecord } from '../../record/record.js';
import { type Contradiction, checkRising, requireEqual, requireThat } from './contradiction.js';

/** Contradictions among a record's times: quantiles out of order, a spread or a time below zero. */
export function findLatencyContradictions({ latencyMs = {}, onceMs = {}, metrics }: ResultRecord): Contradiction[] {
  const stages = Object.entries(latencyMs).flatMap(
    ([stage, { p10, median, p95, p99, mad, mean, n, quantiles = [], roundMedians = [] }]) => {
      const path = `latencyMs.${stage}`;
      return [
        ...requireThat(
          Math.min(p10 ?? 0, median, p95) >= 0,
          path,
          'times of at least 0 ms',
          Math.min(p10 ?? 0, median, p95),
        ),
        ...checkRising(
          [
            ...(p10 === undefined ? [] : [[`${path}.p10`, p10] as const]),
            [`${path}.median`, median],
            [`${path}.p95`, p95],
            ...(p99 === undefined ? [] : [[`${path}.p99`, p99] as const]),
          ],
          'the share',
        ),
        ...checkRising(
          quantiles.map((value, index) => [`${path}.quantiles.${index}`, value] as const),
          'the share',
        ),
        // Of 21 quantiles in steps of 5 %, the 10th is the median and the 19th the 95th percentile.
        ...(quantiles.length === 0
          ? []
          : [
              ...requireThat(quantiles.length === 21, `${path}.quantiles`, '21 quantiles', quantiles.length),
              ...requireEqual(`${path}.quantiles.10`, median, quantiles[10] ?? -1, 'the median'),
              ...requireEqual(`${path}.quantiles.19`, p95, quantiles[19] ?? -1, 'p95'),
            ]),
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
    },
  );
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
