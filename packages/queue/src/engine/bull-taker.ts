import { randomUUID } from 'node:crypto';
import type { Job } from 'bullmq';
import type { BullServer } from './bull-server.js';
import { keyPrefix } from './bull-store.js';
import type { JobTaker, LockSettings, TakenJob } from './engine.js';
import { isPassing, type Reaching, reach } from './reach.js';

/** Part of the lock duration after which jobs of silent workers are looked for. */
const stalledPart = 4;

/**
 * Takes jobs by hand: what they ask for is done elsewhere, in child processes, while this process renews their locks.
 */
export function openBullTaker(
  server: BullServer,
  name: string,
  { lockMs, mostStalls }: LockSettings,
  reaching: Reaching,
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
  worker.on('error', reaching.onError);
  void worker.startStalledCheckTimer().catch(reaching.onError);
  return {
    take: async () => {
      for (;;) {
        const token = randomUUID();
        // A take whose answer is lost leaves a job that its lock gives back.
        const job = (await reach(() => worker.getNextJob(token, { block: false }), reaching)) as Job | undefined;
        if (job?.id === undefined) return undefined;
        if (!job.deferredFailure) return taken(job, token, lockMs, reaching);
        // It was taken from silent workers too often; BullMQ leaves it to the next taker to fail it.
        const failure = new bullmq.UnrecoverableError(job.deferredFailure);
        await ours(() => job.moveToFailed(failure, token), reaching);
      }
    },
    close: () => worker.close(true),
  };
}

function taken(job: Job, token: string, lockMs: number, reaching: Reaching): TakenJob {
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
    complete: (result) => ours(() => job.moveToCompleted(result, token, false), reaching),
    giveBack: async () => {
      await ours(() => job.moveToWait(token), reaching);
    },
  };
}

/** Whether the server took it; no, if the lock is another's or the job is gone. */
async function ours(act: () => Promise<unknown>, reaching: Reaching): Promise<boolean> {
  try {
    await reach(act, reaching);
    return true;
  } catch {
    return false;
  }
}
