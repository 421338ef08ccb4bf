import { BackendError, isRetinaBenchError } from '@retinabench/core';
import type { QueueAddress } from '../address/queue-address.js';

/** An error of the client library as one of ours, without what is secret. */
export function engineError(address: QueueAddress, cause: unknown, next: string): Error {
  if (isRetinaBenchError(cause)) return cause;
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
  const { code = '' } = cause as { readonly code?: unknown };
  const step = certificateCode.test(String(code)) ? certificateStep : next;
  // The cause itself stays out: its fields may hold the password.
  return new BackendError(`queue ${address.shown}: ${address.redact(reason)}; ${step}`);
}

/** Codes by which Node says that it does not trust a certificate. */
const certificateCode = /CERT|^UNABLE_TO_VERIFY|^UNABLE_TO_GET_ISSUER/;

const certificateStep =
  'name the authority that vouches for the server, as a PEM file, in NODE_EXTRA_CA_CERTS, and the server as its certificate does';
