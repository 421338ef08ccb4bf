/** Fewer bytes than this in one period are a stall. */
const leastBytes = 1024;

/** Breaks off a transfer that has stalled. */
export interface StallGuard {
  /** Aborted when the transfer stalls, or with the outer signal. */
  readonly signal: AbortSignal;
  /** Whether it was the guard that aborted. */
  readonly stalled: () => boolean;
  /** Count bytes that came. */
  arrived(bytes: number): void;
  stop(): void;
}

/** Watch a transfer that must bring at least 1 KiB in every `stallMs`, from before its connection is made. */
export function startStallGuard(stallMs: number, outer: AbortSignal | undefined): StallGuard {
  const controller = new AbortController();
  let period = 0;
  let stalled = false;
  const timer = setInterval(() => {
    if (period < leastBytes) {
      stalled = true;
      controller.abort();
    }
    period = 0;
  }, stallMs);
  return {
    signal: outer === undefined ? controller.signal : AbortSignal.any([controller.signal, outer]),
    stalled: () => stalled,
    arrived: (bytes) => {
      period += bytes;
    },
    stop: () => clearInterval(timer),
  };
}
