import type { JobStore } from '../engine/engine.js';
import { silentMs } from '../messages/limits.js';
import { parseWorkerCard, parseWorkerReport, type WorkerReport } from '../messages/worker-card.js';

/** Workers that are looked at. */
const mostWorkers = 10_000;

/** A worker as the coordinator of a run sees it. */
export interface SeenWorker {
  readonly id: string;
  readonly name: string;
  readonly slots: number;
  readonly takes: readonly string[];
  readonly refuses: WorkerReport['refuses'];
  /** Images that it reports, of all runs, since it began. */
  readonly images: number;
  /** It has not reported for a while. */
  readonly isSilent: boolean;
}

/** Watches the workers of a queue. Whether one lives is told by its reports changing, not by anybody's clock. */
export class FleetView {
  readonly #workers: JobStore;
  readonly #beats = new Map<string, { readonly beat: string; readonly atMs: number }>();

  constructor(workers: JobStore) {
    this.#workers = workers;
  }

  /** Look at all workers; of those that were silent for long, their jobs are removed. */
  async look(): Promise<SeenWorker[]> {
    const nowMs = performance.now();
    const seen: SeenWorker[] = [];
    const jobs = await this.#workers.list('waiting', mostWorkers);
    const ids = new Set(jobs.map(({ id }) => id));
    for (const id of this.#beats.keys()) if (!ids.has(id)) this.#beats.delete(id);
    for (const { id, data, report } of jobs) {
      const beat = JSON.stringify(report);
      const before = this.#beats.get(id);
      if (before?.beat !== beat) this.#beats.set(id, { beat, atMs: nowMs });
      const silentForMs = before?.beat === beat ? nowMs - before.atMs : 0;
      if (silentForMs > 3 * silentMs) await this.#workers.remove(id);
      try {
        const { name, slots } = parseWorkerCard(data, id);
        const { takes, refuses, images } = parseWorkerReport(report, id);
        seen.push({ id, name, slots, takes, refuses, images, isSilent: silentForMs > silentMs });
      } catch {
        // One of another version, or one that has not reported yet.
      }
    }
    return seen;
  }
}
