/** What comes, when, and when it is too late. */
export interface ArrivalPlan {
  /** Milliseconds after the start, ascending. */
  readonly arrivalsMs: readonly number[];
  /** A result later than this after the arrival is late. */
  readonly boundMs: number;
  /** What arrives while another is worked on: `wait` for its turn, or `drop` it, as a camera's frame is. */
  readonly whileBusy: 'wait' | 'drop';
  /** Stop after more late results than this; undefined: never. */
  readonly mostLate?: number;
}

/** How long results took. */
export interface ServedArrivals {
  /** From arrival to result, waiting included, in the order of arrival; without what was dropped. */
  readonly latenciesMs: readonly number[];
  /** Of these, more than the bound. */
  readonly late: number;
  readonly dropped: number;
  /** Stopped before the last arrival: `mostLate` was passed. */
  readonly stopped: boolean;
}

/** The time, and waiting for a time. */
export interface Clock {
  nowMs(): number;
  /** @param atMs by the same clock; resolves at once where it is over. */
  until(atMs: number): Promise<void>;
}

/**
 * Do one piece of work an arrival, one at a time, in the order of arrival. A latency begins when its query was due, so
 * that a queue that grows is seen.
 *
 * @throws what `work` throws.
 */
export async function serveArrivals(
  { arrivalsMs, boundMs, whileBusy, mostLate }: ArrivalPlan,
  work: () => Promise<void>,
  clock: Clock,
): Promise<ServedArrivals> {
  const startMs = clock.nowMs();
  const latenciesMs: number[] = [];
  let late = 0;
  let dropped = 0;
  let freeAtMs = startMs;
  for (const arrivalMs of arrivalsMs) {
    const dueMs = startMs + arrivalMs;
    if (whileBusy === 'drop' && dueMs < freeAtMs) {
      dropped++;
      continue;
    }
    await clock.until(dueMs);
    await work();
    freeAtMs = clock.nowMs();
    latenciesMs.push(freeAtMs - dueMs);
    if (freeAtMs - dueMs > boundMs) late++;
    if (mostLate !== undefined && late > mostLate) return { latenciesMs, late, dropped, stopped: true };
  }
  return { latenciesMs, late, dropped, stopped: false };
}

/** Timers wake up to this much too late; the rest is waited for by turns of the event loop. */
const timerSlackMs = 2;

/** The clock of this process. */
export const processClock: Clock = {
  nowMs: () => performance.now(),
  until: async (atMs) => {
    const sleepMs = atMs - performance.now() - timerSlackMs;
    if (sleepMs > 0) await new Promise((resolve) => setTimeout(resolve, sleepMs));
    while (performance.now() < atMs) await new Promise((resolve) => setImmediate(resolve));
  },
};
