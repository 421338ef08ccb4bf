import { ProtocolError } from '@retinabench/core';

/** The servers that carry a queue. */
export type ServerKind = 'redis' | 'postgresql';

/** Where a queue is, read from the URL that a user gives. Its text never leaves this object with a password in it. */
export interface QueueAddress {
  readonly kind: ServerKind;
  /** As it is shown: no user, no password, no parameters. */
  readonly shown: string;
  /** With all that the user wrote, for the client library alone. */
  readonly secretUrl: string;
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  /** Number of Redis's database; name of PostgreSQL's. */
  readonly database?: string;
  readonly tls: boolean;
  /** A text of others, such as an error of the client library, without the password and the URL's secret parts. */
  redact(text: string): string;
}

const schemes: Readonly<Record<string, { readonly kind: ServerKind; readonly port: number; readonly tls: boolean }>> = {
  'redis:': { kind: 'redis', port: 6379, tls: false },
  'rediss:': { kind: 'redis', port: 6379, tls: true },
  'postgres:': { kind: 'postgresql', port: 5432, tls: false },
  'postgresql:': { kind: 'postgresql', port: 5432, tls: false },
};

/** What stands in place of a secret. */
const hidden = '***';

/**
 * Read the URL of a queue: `redis://[user:password@]host[:port][/number]`, `rediss://` for TLS, or
 * `postgres://[user:password@]host[:port]/database[?sslmode=...]`.
 *
 * @throws {ProtocolError} if it is none of these; the message does not repeat it, since it may hold a password.
 */
export function parseQueueAddress(text: string): QueueAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const scheme = url === undefined ? undefined : schemes[url.protocol];
  if (url === undefined || scheme === undefined || url.hostname === '') {
    const got = url === undefined ? 'no URL' : `one that begins with ${url.protocol}`;
    throw new ProtocolError(
      `--queue: expected redis://HOST:PORT, rediss://HOST:PORT or postgres://USER@HOST:PORT/DATABASE, got ${got}; write it so (a password with special characters percent-encoded)`,
    );
  }
  const database = decode(url.pathname.slice(1), 'the database');
  if (scheme.kind === 'redis' && !/^\d*$/.test(database)) {
    throw new ProtocolError(
      `--queue: expected the number of a Redis database after the host, got other text; use /0, and percent-encode a / in the password as %2F`,
    );
  }
  const port = url.port === '' ? scheme.port : Number(url.port);
  const username = decode(url.username, 'the user');
  const password = decode(url.password, 'the password');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const secrets = secretsOf(url, password);
  return {
    kind: scheme.kind,
    shown: `${url.protocol}//${url.hostname}:${port}${database === '' ? '' : `/${database}`}`,
    secretUrl: text,
    host,
    port,
    tls: scheme.tls,
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password }),
    ...(database === '' ? {} : { database }),
    redact: (message) => secrets.reduce((shown, secret) => shown.replaceAll(secret, hidden), message),
  };
}

/** All forms in which a secret of the URL may stand in a message, longest first. */
function secretsOf(url: URL, password: string): string[] {
  const parameters = [...url.searchParams].filter(([name]) => /password|secret|key/i.test(name));
  const texts = [password, url.password, ...parameters.map(([, value]) => value)];
  const forms = texts.flatMap((value) => [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)]);
  return [...new Set(forms)].filter((value) => value !== '').sort((a, b) => b.length - a.length);
}

function decode(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ProtocolError(`--queue: ${what} is not percent-encoded as a URL asks for; encode a % in it as %25`);
  }
}
