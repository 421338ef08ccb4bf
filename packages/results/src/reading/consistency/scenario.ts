import type { ResultRecord } from '../../record/record.js';
import { type Contradiction, requireEqual, requireThat } from './contradiction.js';

/** Contradictions of a bench in which images arrive: counts that do not add up, more late queries than the rate allows. */
export function findScenarioContradictions({ metrics = {}, latencyMs, protocol }: ResultRecord): Contradiction[] {
  const { 'stream.frames': frames, 'stream.late': late = 0, 'stream.dropped': dropped = 0 } = metrics;
  const { 'server.queriesPerSecond': rate, 'server.late': lateQueries = 0 } = metrics;
  const served = latencyMs?.frame?.n ?? 0;
  const query = latencyMs?.query;
  const bound = protocol.latencyBoundMs;
  return [
    ...(frames === undefined
      ? []
      : [
          ...requireEqual('metrics.stream.frames', served + dropped, frames, 'frames with a latency and dropped ones'),
          ...requireThat(late <= served, 'metrics.stream.late', `at most ${served}, frames with a latency`, late),
        ]),
    ...(rate === undefined || query === undefined
      ? []
      : [
          ...requireThat(rate >= 0, 'metrics.server.queriesPerSecond', 'at least 0', rate),
          ...requireThat(
            rate === 0 || lateQueries <= 0.01 * query.n,
            'metrics.server.late',
            `at most 1 % of ${query.n} queries`,
            lateQueries,
          ),
          ...(typeof bound !== 'number' || rate === 0
            ? []
            : requireThat(
                (query.p99 ?? 0) <= bound,
                'latencyMs.query.p99',
                `at most ${bound}, the bound`,
                query.p99 ?? 0,
              )),
        ]),
  ];
}
