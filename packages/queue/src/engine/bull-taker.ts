import { randomUUID } from 'node:crypto';
import type { Job } from 'bullmq';
import type { BullServer } from './bull-server.js';
import { keyPrefix } from './bull-store.js';
import type { JobTaker, LockSettings, TakenJob } from './engine.js';
import { isPassing, reach } from './reach.js';

/** Part of the lock duration after which jobs of silent workers are looked for. */
const stalledPart = 4;

/**
 * Takes jobs by hand: what they ask for is done elsewhere, in child processes, while this process renews their locks.
 */
export function openBullTaker(
  server: BullServer,
  name: string,
  { lockMs, mostStalls }: LockSettings,
  onError: (error: unknown) => void,
): JobTaker {
  const { bullmq, connection, backend } = server;
  const options = {
    connection,
    prefix: keyPrefix,
    skipVersionCheck: true,
    autorun: false,
    lockDuration: lockMs,
    stalledInterval: lockMs / stalledPart,
    maxStalledCount: mostStalls,
    skipLockRenewal: true,
  };
  const worker =
    backend === undefined ? new bullmq.Worker(name, null, options) : new bullmq.Worker(name, null, options, backend);
  worker.on('error', onError);
  void worker.startStalledCheckTimer().catch(onError);
  return {
    take: async () => {
      for (;;) {
        const token = randomUUID();
        // A take whose answer is lost leaves a job that its lock gives back.
        const job = (await reach(() => worker.getNextJob(token, { block: false }), onError)) as Job | undefined;
        if (job?.id === undefined) return undefined;
        if (!job.deferredFailure) return taken(job, token, lockMs, onError);
        // It was taken from silent workers too often; BullMQ leaves it to the next taker to fail it.
        const failure = new bullmq.UnrecoverableError(job.deferredFailure);
        await ours(() => job.moveToFailed(failure, token), onError);
      }
    },
    close: () => worker.close(true),
  };
}

function taken(job: Job, token: string, lockMs: number, onError: (error: unknown) => void): TakenJob {
  return {
    id: job.id ?? '',
    data: job.data as unknown,
    renew: async () => {
      try {
        return (await job.extendLock(token, lockMs)) === 1;
      } catch (error) {
        // Unreachable is not lost: the next renewal may be in time.
        return isPassing(error);
      }
    },
    complete: (result) => ours(() => job.moveToCompleted(result, token, false), onError),
    giveBack: async () => {
      await ours(() => job.moveToWait(token), onError);
    },
  };
}

/** Whether the server took it; no, if the lock is another's or the job is gone. */
async function ours(act: () => Promise<unknown>, onError: (error: unknown) => void): Promise<boolean> {
  try {
    await reach(act, onError);
    return true;
  } catch {
    return false;
  }
}
