import { SpareWorkers } from '@retinabench/backends/workers';
import type { WorkerKinds } from './worker-kind.js';

/**
 * Load what most runs ask for while there is none, so that the first one does not wait for it. What fails here is said by that one.
 *
 * @param slots child processes of a run.
 * @returns child processes that may wait for one; undefined if no kind prepares itself.
 */
export async function prepareKinds(kinds: WorkerKinds, slots: number): Promise<SpareWorkers | undefined> {
  const prepared = await Promise.allSettled([...kinds.values()].map((kind) => kind.prepare?.()));
  for (const one of prepared) {
    if (one.status === 'fulfilled' && one.value !== undefined) return new SpareWorkers(one.value, slots);
  }
  return undefined;
}
