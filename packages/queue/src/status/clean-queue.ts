import { hasEnded, ownIdentity } from '@retinabench/files';
import type { Engine } from '../engine/engine.js';
import { runJobId, runsName, unitsName, workersName } from '../messages/names.js';
import { parseWorkerCard } from '../messages/worker-card.js';
import { type QueueStatus, readQueue } from './read-queue.js';

/** Jobs that are looked at. */
const mostJobs = 10_000;

/** What was removed. */
export interface CleanedQueue {
  readonly runs: QueueStatus['runs'];
  readonly workers: number;
  /** Entries that this version cannot read. */
  readonly unreadable: readonly string[];
}

/**
 * Remove what coordinators and workers left that have ended: runs with their units, and cards. What lives stays. Finished images
 * are in the run folders of their coordinators, and stay, too.
 *
 * @param run only this run; absent: all.
 * @param unreadable also entries that this version cannot read: of other versions.
 */
export async function cleanQueue(
  engine: Engine,
  { run, unreadable = false }: { readonly run?: string; readonly unreadable?: boolean },
): Promise<CleanedQueue> {
  const status = await readQueue(engine, true);
  const runs = status.runs.filter((held) => held.liveness === 'gone' && (run === undefined || held.run === run));
  for (const held of runs) {
    await engine.jobs(runsName).remove(runJobId(held.run));
    await engine.jobs(unitsName(held.run)).destroy();
  }
  let workers = 0;
  const removed: string[] = [];
  if (run === undefined) {
    const cards = engine.jobs(workersName);
    for (const { id, data } of await cards.list('waiting', mostJobs)) {
      if (isGone(data) && (await cards.remove(id))) workers++;
    }
    if (unreadable) {
      for (const id of status.unreadable) {
        const isRemoved = (await engine.jobs(runsName).remove(id)) || (await cards.remove(id));
        if (isRemoved) removed.push(id);
      }
    }
  }
  return { runs, workers, unreadable: removed };
}

/** Whether a worker of this machine has ended; those of others go when a coordinator sees them silent. */
function isGone(data: unknown): boolean {
  try {
    const { process } = parseWorkerCard(data, '');
    return process.host === ownIdentity().host && hasEnded(process);
  } catch {
    return false;
  }
}
