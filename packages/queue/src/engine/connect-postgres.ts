import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageVersion } from '@retinabench/backends/versions';
import type * as BullMq from 'bullmq';
import type { QueueAddress } from '../address/queue-address.js';
import type { BullServer } from './bull-server.js';
import { ClockWatch } from './clock-watch.js';
import { engineError } from './engine-error.js';
import { guardClock } from './guard-clock.js';
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
 * @throws {EnvironmentError} if its clock and this machine's are far apart.
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
  const clock = new ClockWatch(pool, address, onError);
  let version: string;
  try {
    version = await versionOf(pool);
    await clock.assertRight();
  } catch (cause) {
    await pool.end().catch(() => undefined);
    throw engineError(address, cause, 'check that the server runs and has connections left (pg_isready)');
  }
  clock.start();
  // Queues of BullMQ are typed by Redis unless told otherwise; this backend takes a pool.
  const backend = bullmq.createPostgresBackend as unknown as Parameters<typeof guardClock>[0];
  return {
    address,
    bullmq,
    libraryVersion: packageVersion('bullmq') ?? 'of unknown version',
    description: `PostgreSQL ${version}`,
    notes: [],
    connection: pool as unknown as BullServer['connection'],
    backend: guardClock(backend, clock),
    close: async () => {
      clock.stop();
      await Promise.race([pool.end().catch(() => undefined), sleep(goodbyeMs, undefined, { ref: false })]);
    },
  };
}

async function versionOf(pool: BullMq.PgPool): Promise<string> {
  const { rows } = await pool.query<{ server_version: string }>('SHOW server_version');
  return rows[0].server_version.split(' ')[0];
}
