import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageVersion } from '@retinabench/backends/versions';
import type * as BullMq from 'bullmq';
import type { QueueAddress } from '../address/queue-address.js';
import type { BullServer } from './bull-server.js';
import { engineError } from './engine-error.js';
import { loadLibrary } from './libraries.js';

/** Connections of one process. */
const mostConnections = 4;

/** Longest time that the goodbye takes. */
const goodbyeMs = 2000;

/** Longest time to the first answer of a server. */
const connectMs = 10_000;

/**
 * Connect to PostgreSQL, and make or update BullMQ's tables in the schema `bullmq`.
 *
 * @throws {BackendError} if it does not answer, refuses the user, or is older than 13.
 */
export async function connectPostgres(
  address: QueueAddress,
  bullmq: typeof BullMq,
  onError: (error: unknown) => void,
): Promise<BullServer> {
  const pg = await loadLibrary(
    'pg',
    async () => createRequire(import.meta.url)('pg') as { readonly Pool: new (config: object) => BullMq.PgPool },
  );
  // Only a connection that BullMQ makes itself takes `migrate`; those that follow share one pool.
  const first = new bullmq.PostgresConnection({
    connectionString: address.secretUrl,
    connectionTimeoutMillis: connectMs,
    migrate: true,
  });
  first.on('error', () => undefined);
  try {
    await first.waitUntilReady();
  } catch (cause) {
    throw engineError(
      address,
      cause,
      'check host, port, user, password and database, that the user may create a schema, and that the server runs (pg_isready)',
    );
  } finally {
    await first.close().catch(() => undefined);
  }
  const pool = new pg.Pool({
    connectionString: address.secretUrl,
    connectionTimeoutMillis: connectMs,
    max: mostConnections,
    keepAlive: true,
    options: `-c search_path=${bullmq.DEFAULT_SCHEMA}`,
  });
  pool.on('error', onError);
  const { rows } = await pool.query<{ server_version: string }>('SHOW server_version');
  return {
    address,
    bullmq,
    libraryVersion: packageVersion('bullmq') ?? 'of unknown version',
    description: `PostgreSQL ${rows[0].server_version.split(' ')[0]}`,
    notes: [],
    // Queues of BullMQ are typed by Redis unless told otherwise; the backend beside it takes a pool.
    connection: pool as unknown as BullServer['connection'],
    backend: bullmq.createPostgresBackend as unknown as NonNullable<BullServer['backend']>,
    close: async () => {
      await Promise.race([pool.end().catch(() => undefined), sleep(goodbyeMs, undefined, { ref: false })]);
    },
  };
}
