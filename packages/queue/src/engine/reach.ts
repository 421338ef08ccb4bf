import { setTimeout as sleep } from 'node:timers/promises';

/** Waits between tries, in milliseconds; the last is repeated. */
const waitsMs = [100, 300, 1000, 2000];

/**
 * Words of errors after which the same question may be asked again: the connection broke, or the server starts or ends; it has no
 * memory or disk left, or is a replica by now, until somebody sees to it.
 */
const passing =
  /^(?:OOM|READONLY|LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|MISCONF|NOREPLICAS) |ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|Connection (is closed|terminated|ended)|timeout (expired|exceeded)|Client has encountered a connection error|terminating connection|Stream isn't writeable|socket/i;

/** How a server is asked again and again. */
export interface Reaching {
  /** Told of each broken connection. */
  onError(error: unknown): void;
  /** The engine is closed: nothing is asked again. */
  readonly closed: AbortSignal;
}

/**
 * Ask a server; where the connection breaks, ask again until it answers. What is asked must bear being done twice.
 *
 * @throws any other error, and that of the connection once the engine is closed.
 */
export async function reach<Answer>(question: () => Promise<Answer>, { onError, closed }: Reaching): Promise<Answer> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await question();
    } catch (error) {
      if (!isPassing(error) || closed.aborted) throw error;
      onError(error);
      await sleep(waitsMs[Math.min(attempt, waitsMs.length - 1)], undefined, { signal: closed }).catch(() => undefined);
      if (closed.aborted) throw error;
    }
  }
}

/**
 * Codes of PostgreSQL (SQLSTATE) that say so: the connection failed, the server starts or ends, has no connection, memory or disk
 * left, or takes no writes, as a standby does.
 */
const passingCode = /^(08|57P0|53|25006$)/;

/** Whether an error says how the server is, and nothing of the question. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return passingCode.test(code ?? '') || passing.test(error.message) || passing.test(code ?? '');
}
