import type { ResultRecord } from '../../record/record.js';
import { type Contradiction, checkRising, requireThat } from './contradiction.js';

/** Contradictions among a record's times: quantiles out of order, a spread or a time below zero. */
export function findLatencyContradictions({ latencyMs = {}, onceMs = {}, metrics }: ResultRecord): Contradiction[] {
  const stages = Object.entries(latencyMs).flatMap(([stage, { p10, median, p95, mad, mean }]) => {
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
        ],
        'the share',
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
  });
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
