import { setTimeout as sleep } from 'node:timers/promises';

/** How long is waited for an event. */
export interface Patience {
  /** Longest wait, in milliseconds; two minutes, as an event of a second may take on a machine that is slow and busy. */
  readonly withinMs?: number;
  /** Wait between two looks, in milliseconds. */
  readonly everyMs?: number;
  /** What brings the event about: once this has ended, nothing is waited for any more. */
  readonly during?: Promise<unknown>;
  /** What a message adds: the output of a process, say. */
  readonly said?: () => string;
}

/**
 * Wait for an event by looking for it, instead of for a time in which it should have come.
 *
 * @param what is waited for, in the words of the message: `a note that names OOM`.
 * @param look gives what is waited for, or undefined or false while it is not there.
 * @throws if `during` ends first, and with its error if it fails; if the event has not come in time.
 */
export async function waitUntil<Found>(
  what: string,
  look: () => Found | undefined | false | Promise<Found | undefined | false>,
  { withinMs = 120_000, everyMs = 20, during, said = () => '' }: Patience = {},
): Promise<Found> {
  let isOver = false;
  let failure: { readonly reason: unknown } | undefined;
  during?.then(
    () => {
      isOver = true;
    },
    (reason: unknown) => {
      failure = { reason };
    },
  );
  for (const startedMs = performance.now(); ; ) {
    // What comes with the end counts.
    const wasOver = isOver;
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (failure !== undefined) throw failure.reason;
    const waitedMs = performance.now() - startedMs;
    if (wasOver || waitedMs > withinMs) {
      const why = wasOver ? 'what should bring it about has ended' : `it is not there after ${Math.round(waitedMs)} ms`;
      throw new Error(`waited for ${what}: ${why}${said() === '' ? '' : `; said so far:\n${said()}`}`);
    }
    await sleep(everyMs);
  }
}
