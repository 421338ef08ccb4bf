import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageVersion } from '@retinabench/backends/versions';
import { EnvironmentError } from '@retinabench/core';
import type * as BullMq from 'bullmq';
import type { QueueAddress } from '../address/queue-address.js';
import type { BullServer } from './bull-server.js';
import { engineError } from './engine-error.js';
import { loadLibrary } from './libraries.js';

/** Connections of one process. */
const mostConnections = 4;

/** Longest time that the goodbye takes. */
const goodbyeMs = 2000;

/**
 * Most that this machine's clock may differ from the server's: BullMQ reckons the locks of PostgreSQL's jobs, 60 s at least, by the
 * clock of who asks, so that one ahead takes away the units of all others.
 */
const mostSkewMs = 15_000;

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
  const { rows } = await pool.query<{ server_version: string }>('SHOW server_version');
  try {
    await assertClock(pool, address);
  } catch (error) {
    await pool.end().catch(() => undefined);
    throw error;
  }
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

/** @throws {EnvironmentError} if the server's clock and this machine's are far apart. */
async function assertClock(pool: BullMq.PgPool, address: QueueAddress): Promise<void> {
  const beforeMs = Date.now();
  const { rows } = await pool.query<{ now_ms: number }>(
    'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::double precision AS now_ms',
  );
  // It answered between the two: only what lies outside of them is a difference.
  const [aheadMs, behindMs] = [beforeMs - rows[0].now_ms, rows[0].now_ms - Date.now()];
  const differenceMs = Math.max(aheadMs, behindMs);
  if (differenceMs <= mostSkewMs) return;
  throw new EnvironmentError(
    `queue ${address.shown}: this machine's clock is ${Math.round(differenceMs / 1000)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} the server's, by which units would be taken from workers that live; set both clocks (by NTP), or use Redis, which asks no clock`,
  );
}
