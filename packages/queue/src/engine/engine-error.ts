import { BackendError, isRetinaBenchError } from '@retinabench/core';
import type { QueueAddress } from '../address/queue-address.js';

/** An error of the client library as one of ours, without what is secret. */
export function engineError(address: QueueAddress, cause: unknown, next: string): Error {
  if (isRetinaBenchError(cause)) return cause;
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
  // The cause itself stays out: its fields may hold the password.
  return new BackendError(`queue ${address.shown}: ${address.redact(reason)}; ${next}`);
}
