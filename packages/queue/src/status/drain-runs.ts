import type { Engine } from '../engine/engine.js';
import { drainMarkId, marksName } from '../messages/names.js';
import { type QueuedRun, readQueue } from './read-queue.js';

/**
 * Ask the coordinators of runs to give out no more, to take in what is in hand, and to end; the same commands go on later.
 *
 * @param run only this one; absent: all.
 * @returns the runs that were asked.
 */
export async function drainRuns(engine: Engine, run?: string): Promise<readonly QueuedRun[]> {
  const { runs } = await readQueue(engine, false);
  const asked = runs.filter((held) => run === undefined || held.run === run);
  await engine.jobs(marksName).add(asked.map((held) => ({ id: drainMarkId(held.run), data: {} })));
  return asked;
}
