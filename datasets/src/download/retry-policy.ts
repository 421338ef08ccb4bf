/** How often and how patiently a download is tried again. */
export interface RetryPolicy {
  /** Rounds through all URLs without progress before giving up. */
  readonly attempts: number;
  /** Pause after the first failed round; it doubles from round to round. */
  readonly firstDelayMs: number;
  readonly largestDelayMs: number;
  /** A transfer that brings less than 1 KiB in this time has stalled and is broken off. */
  readonly stallMs: number;
}

/** Patient enough for a mobile network, done in about a minute where there is none. */
export const defaultRetryPolicy: RetryPolicy = {
  attempts: 5,
  firstDelayMs: 1_000,
  largestDelayMs: 30_000,
  stallMs: 30_000,
};

/** Pause after failed round `round` (from 0), exponential, at least what the server asked for. */
export function retryDelayMs(policy: RetryPolicy, round: number, askedMs = 0): number {
  return Math.max(Math.min(policy.firstDelayMs * 2 ** round, policy.largestDelayMs), askedMs);
}
