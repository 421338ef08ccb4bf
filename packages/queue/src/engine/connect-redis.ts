import { setTimeout as sleep } from 'node:timers/promises';
import { packageVersion } from '@retinabench/backends/versions';
import { BackendError } from '@retinabench/core';
import type * as BullMq from 'bullmq';
import type { Redis } from 'ioredis';
import type { QueueAddress } from '../address/queue-address.js';
import type { BullServer } from './bull-server.js';
import { engineError } from './engine-error.js';
import { loadLibrary } from './libraries.js';

/** Longest time to the first answer of a server. */
const connectMs = 10_000;

/** Longest time that the goodbye takes. */
const goodbyeMs = 2000;

/** Longest wait before the next try to reach a server that went away. */
const longestRetryMs = 2000;

/** Oldest version that BullMQ's scripts run on, and the oldest that this package is tested with. */
const [oldestVersion, testedVersion] = [6, 7];

/**
 * Connect to Redis or Valkey, and look how it is set up.
 *
 * @throws {BackendError} if it does not answer, is still loading, refuses the user, is a replica, or is older than 6.
 */
export async function connectRedis(
  address: QueueAddress,
  bullmq: typeof BullMq,
  onError: (error: unknown) => void,
): Promise<BullServer> {
  const { Redis } = await loadLibrary('ioredis', () => import('ioredis'));
  const { host, port, username, password, database, tls } = address;
  const client = new Redis({
    host,
    port,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { db: Number(database) }),
    ...(tls ? { tls: { servername: host } } : {}),
    lazyConnect: true,
    connectTimeout: connectMs,
    keepAlive: connectMs,
    // BullMQ asks for it: a command waits until the server is back.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(times * 100, longestRetryMs),
    // Behind the name there may be another master by now.
    reconnectOnError: ({ message }) => message.startsWith('READONLY'),
  });
  let firstError: unknown;
  client.on('error', (error) => {
    firstError ??= error;
  });
  try {
    await answered(client, () => firstError);
    const { version, name, notes } = await describe(client);
    client.on('error', onError);
    return {
      address,
      bullmq,
      libraryVersion: packageVersion('bullmq') ?? 'of unknown version',
      description: `${name} ${version}`,
      notes,
      // BullMQ asks for the client of a version of ioredis that it names; any from 5 on is one.
      connection: client as unknown as BullServer['connection'],
      close: async () => {
        if (client.status === 'ready') {
          await Promise.race([client.quit().catch(() => undefined), sleep(goodbyeMs, undefined, { ref: false })]);
        }
        client.disconnect();
      },
    };
  } catch (cause) {
    client.disconnect();
    const error = firstError ?? cause;
    const isLoading = error instanceof Error && error.message.startsWith('LOADING');
    throw engineError(
      address,
      error,
      isLoading
        ? 'wait until it has, and run the same command again'
        : 'check host, port, user and password, and that the server runs and has loaded its data (redis-cli ping)',
    );
  }
}

/** Wait for the first answer; a server that refuses is not tried for ever. */
async function answered(client: Redis, errorSoFar: () => unknown): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(errorSoFar() ?? new BackendError(`the server did not answer within ${connectMs / 1000} s`)),
      connectMs,
    );
  });
  try {
    await Promise.race([client.connect().then(() => client.ping()), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function describe(
  client: Redis,
): Promise<{ readonly version: string; readonly name: string; readonly notes: readonly string[] }> {
  const info = fieldsOf(await client.info());
  const valkey = info.get('valkey_version');
  const version = valkey ?? info.get('redis_version') ?? 'of unknown version';
  const major = Number.parseInt(info.get('redis_version') ?? '', 10);
  if (major < oldestVersion) {
    throw new BackendError(`expected Redis ${testedVersion} or later, got ${version}; install a newer one`);
  }
  // A cluster's and a sentinel's own answers are others' concern: what takes no writes is no queue.
  if (info.get('role') === 'slave' && info.get('slave_read_only') !== '0') {
    const [host, port] = [info.get('master_host'), info.get('master_port')];
    throw new BackendError(`expected a master, got a replica, which takes no writes; name its master, ${host}:${port}`);
  }
  const notes: string[] = [];
  if (major < testedVersion && valkey === undefined) {
    notes.push(`Redis ${version} is older than ${testedVersion}, with which this was tested.`);
  }
  const policy = info.get('maxmemory_policy') ?? (await setting(client, 'maxmemory-policy'));
  if (policy === undefined) notes.push('maxmemory-policy cannot be read here; it should be noeviction.');
  else if (policy !== 'noeviction') {
    notes.push(
      `maxmemory-policy is ${policy}: under pressure the server drops jobs, which are then given out again; set it to noeviction.`,
    );
  }
  if (info.get('aof_enabled') === '0') {
    notes.push(
      'appendonly is off: if the server restarts, all units are given out again (finished images are in the run log and are not); set appendonly yes.',
    );
  }
  return { version, name: valkey === undefined ? 'Redis' : 'Valkey', notes };
}

/** A setting of the server; undefined where the user may not ask. */
async function setting(client: Redis, name: string): Promise<string | undefined> {
  const found = await client.config('GET', name).catch(() => undefined);
  return Array.isArray(found) && typeof found[1] === 'string' ? found[1] : undefined;
}

function fieldsOf(info: string): Map<string, string> {
  return new Map(
    info.split(/\r?\n/).flatMap((line): [string, string][] => {
      const at = line.indexOf(':');
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)]];
    }),
  );
}
