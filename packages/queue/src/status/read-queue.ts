import { setTimeout as sleep } from 'node:timers/promises';
import { hasEnded, ownIdentity, type ProcessIdentity } from '@retinabench/files';
import type { Engine, JobState, StoredJob } from '../engine/engine.js';
import { beatMs } from '../messages/limits.js';
import { runsName, unitsName, workersName } from '../messages/names.js';
import { parseRunSetup } from '../messages/run-setup.js';
import { parseWorkerCard, parseWorkerReport } from '../messages/worker-card.js';

/** Jobs that are looked at. */
const mostJobs = 10_000;

/** Whether a process lives: told at once of this machine, of another by its reports changing. */
export type Liveness = 'alive' | 'gone' | 'unknown';

/** A run that a queue holds. */
export interface QueuedRun {
  readonly run: string;
  readonly title: string;
  /** `process 4711 on host`. */
  readonly holder: string;
  readonly liveness: Liveness;
  readonly units: Readonly<Record<Exclude<JobState, 'lost'>, number>>;
  /** Images taken in since its coordinator began. */
  readonly images: number;
  readonly imagesPerSecond: number;
}

/** A worker that a queue holds. */
export interface QueuedWorker {
  readonly name: string;
  readonly slots: number;
  readonly liveness: Liveness;
  readonly images: number;
  readonly takes: readonly string[];
  readonly refuses: readonly { readonly run: string; readonly reason: string }[];
}

/** What a queue holds. */
export interface QueueStatus {
  readonly runs: readonly QueuedRun[];
  readonly workers: readonly QueuedWorker[];
  /** Entries that this version cannot read, by id. */
  readonly unreadable: readonly string[];
}

/**
 * Read what a queue holds.
 *
 * @param live also tell whether processes of other machines live: it takes a beat, about six seconds.
 */
export async function readQueue(engine: Engine, live: boolean): Promise<QueueStatus> {
  const [runsStore, workersStore] = [engine.jobs(runsName), engine.jobs(workersName)];
  const earlier = new Map<string, string>();
  if (live) {
    for (const store of [runsStore, workersStore]) {
      for (const { id, report } of await store.list('waiting', mostJobs)) earlier.set(id, JSON.stringify(report));
    }
    await sleep(1.2 * beatMs);
  }
  const livenessOf = (process: ProcessIdentity, { id, report }: StoredJob): Liveness => {
    if (process.host === ownIdentity().host) return hasEnded(process) ? 'gone' : 'alive';
    if (!live) return 'unknown';
    return earlier.get(id) === JSON.stringify(report) ? 'gone' : 'alive';
  };
  const unreadable: string[] = [];
  const runs: QueuedRun[] = [];
  for (const job of await runsStore.list('waiting', mostJobs)) {
    try {
      const { run, title, claim } = parseRunSetup(job.data, job.id);
      const { images, imagesPerSecond } = ratesOf(job.report);
      runs.push({
        run,
        title,
        holder: `process ${claim.process.pid} on ${claim.process.host}`,
        liveness: livenessOf(claim.process, job),
        units: await engine.jobs(unitsName(run)).counts(),
        images,
        imagesPerSecond,
      });
    } catch {
      unreadable.push(job.id);
    }
  }
  const workers: QueuedWorker[] = [];
  for (const job of await workersStore.list('waiting', mostJobs)) {
    try {
      const { name, slots, process } = parseWorkerCard(job.data, job.id);
      const { images, takes, refuses } = parseWorkerReport(job.report, job.id);
      workers.push({ name, slots, liveness: livenessOf(process, job), images, takes, refuses });
    } catch {
      unreadable.push(job.id);
    }
  }
  return { runs, workers, unreadable };
}

function ratesOf(report: unknown): { readonly images: number; readonly imagesPerSecond: number } {
  const { images, imagesPerSecond } = (report ?? {}) as Readonly<Record<string, unknown>>;
  const number = (value: unknown): number =>
    typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : 0;
  return { images: number(images), imagesPerSecond: number(imagesPerSecond) };
}
