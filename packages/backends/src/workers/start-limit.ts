import os from 'node:os';

/** Longest time of one step of a start where nothing else runs. */
const idleLimitMs = 120_000;

/**
 * Longest time of one step of a start, milliseconds: of a browser, of its page, of a worker process with its model. Under load each
 * process gets its share of a processor alone, so that the limit grows as that share shrinks.
 *
 * @param load       processes that want a processor: the system's load of the last minute. Windows does not tell it.
 * @param processors logical processors.
 */
export function startLimitMs(load = os.loadavg()[0], processors = os.availableParallelism()): number {
  return idleLimitMs * Math.max(1, load / processors);
}
