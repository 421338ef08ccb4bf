import { setTimeout as sleep } from 'node:timers/promises';
import { isRetinaBenchError } from '@retinabench/core';
import { parseQueueAddress, type QueueAddress } from '../address/queue-address.js';
import { openBullStore } from './bull-store.js';
import { openBullTaker } from './bull-taker.js';
import { connectPostgres } from './connect-postgres.js';
import { connectRedis } from './connect-redis.js';
import type { Engine, JobStore, JobTaker } from './engine.js';
import { loadLibrary } from './libraries.js';

/** Where an engine says what its user should see while it works: a lost connection, say. */
export interface EngineOptions {
  onNote(text: string): void;
}

/** Longest time that goodbyes take. */
const goodbyeMs = 2000;

/** Least time between two notes of the same error: a server that is down fails many times a second. */
const quietMs = 30_000;

/**
 * Connect to the server of a queue.
 *
 * @param url as parseQueueAddress takes it.
 * @throws {ProtocolError} if the URL is none.
 * @throws {EnvironmentError} if a library is missing.
 * @throws {BackendError} if the server does not answer, refuses the user, or is too old.
 */
export async function openEngine(url: string, { onNote }: EngineOptions): Promise<Engine> {
  const address = parseQueueAddress(url);
  const bullmq = await loadLibrary('bullmq', () => import('bullmq'));
  const notes = quietly(address, onNote);
  const server = await (address.kind === 'redis'
    ? connectRedis(address, bullmq, notes)
    : connectPostgres(address, bullmq, notes));
  const closing = new AbortController();
  const reaching = { onError: notes, closed: closing.signal };
  const stores = new Map<string, JobStore>();
  const takers = new Set<JobTaker>();
  return {
    address,
    description: `BullMQ ${server.libraryVersion} on ${server.description}`,
    notes: server.notes,
    jobs: (name) => {
      const held = stores.get(name) ?? openBullStore(server, name, reaching);
      stores.set(name, held);
      return held;
    },
    taker: (name, lock) => {
      const taker = openBullTaker(server, name, lock, reaching);
      const own: JobTaker = {
        take: () => taker.take(),
        close: async () => {
          if (takers.delete(own)) await taker.close();
        },
      };
      takers.add(own);
      return own;
    },
    close: async () => {
      closing.abort();
      const parts = [...takers, ...stores.values()];
      const goodbye = async (): Promise<void> => {
        await Promise.all(parts.map((part) => part.close().catch(() => undefined)));
      };
      // A server that is gone takes no goodbyes.
      await Promise.race([goodbye(), sleep(goodbyeMs, undefined, { ref: false })]);
      await server.close();
    },
  };
}

/** Notes of errors, each kind once in a while, without what is secret. */
function quietly(address: QueueAddress, onNote: (text: string) => void): (error: unknown) => void {
  const saidMs = new Map<string, number>();
  return (error) => {
    const reason = address.redact(error instanceof Error ? error.message || String(error.name) : String(error));
    const last = saidMs.get(reason);
    if (last !== undefined && performance.now() - last < quietMs) return;
    saidMs.set(reason, performance.now());
    // An error of ours says itself where it is and what to do.
    const isOurs = isRetinaBenchError(error);
    onNote(isOurs ? reason : `queue ${address.shown}: ${reason}; it goes on when the server answers again`);
  };
}
