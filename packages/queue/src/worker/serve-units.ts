import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRetinaBenchError } from '@retinabench/core';
import { ownIdentity } from '@retinabench/files';
import type { Engine, JobTaker, TakenJob } from '../engine/engine.js';
import { beatMs, mostStalls } from '../messages/limits.js';
import { runsName, unitsName, workersName } from '../messages/names.js';
import { parseRunSetup } from '../messages/run-setup.js';
import { parseUnit } from '../messages/unit.js';
import type { WorkerCard, WorkerReport } from '../messages/worker-card.js';
import { joinRun, type WorkerMeans } from './join-run.js';
import { RunRefused, type ServedRun } from './served-run.js';

/** How often new runs are looked for. */
const discoverMs = 2000;

/** Shortest and longest wait for a unit where none waits. */
const [shortWaitMs, longWaitMs] = [20, 500];

/** Part of the lock duration after which locks are renewed. */
const renewPart = 4;

/** Runs that are looked at. */
const mostRuns = 1000;

/** A worker's work. */
export interface ServeOptions extends WorkerMeans {
  readonly engine: Engine;
  readonly name: string;
  /** End after so long without work; absent: never. */
  readonly idleMs?: number;
  onNote(text: string): void;
  onUnit(progress: { readonly run: string; readonly images: number; readonly imagesPerSecond: number }): void;
  /** Take no more units; end when those in hand are done. */
  readonly drain: AbortSignal;
  /** Give back the units in hand and end. */
  readonly stop: AbortSignal;
}

/** A run of which units are taken. */
interface Joined {
  readonly served: ServedRun;
  readonly taker: JobTaker;
  /** Units in hand. */
  readonly jobs: Set<TakenJob>;
  /** Renews their locks. */
  readonly renewal: NodeJS.Timeout;
}

/**
 * Work on units of all runs of a queue, in turn, until told to end. This process takes units and renews their locks; the work
 * is done in child processes, so that no work, however long, keeps a lock from being renewed.
 *
 * @returns images done.
 * @throws {BackendError} if the server fails otherwise than by being away for a while.
 */
export async function serveUnits(options: ServeOptions): Promise<number> {
  const worker = new UnitServer(options);
  try {
    return await worker.serve();
  } finally {
    await worker.close();
  }
}

class UnitServer {
  readonly #options: ServeOptions;
  readonly #id = `worker-${randomUUID()}`;
  readonly #joined = new Map<string, Joined>();
  readonly #refused = new Map<string, string>();
  readonly #working = new Set<Promise<void>>();
  readonly #timers: NodeJS.Timeout[] = [];
  #images = 0;
  #beat = 0;
  /** Of the run whose turn it was last. */
  #turn = 0;
  /** A unit is done with nothing beside it. */
  #isExclusive = false;
  #lastWorkMs = performance.now();
  /** When the unit before was done: units overlap, and each counts its own time alone. */
  #lastDoneMs = performance.now();
  #failure: unknown;

  constructor(options: ServeOptions) {
    this.#options = options;
  }

  async serve(): Promise<number> {
    const { drain, stop, idleMs, slots } = this.#options;
    await this.#sayAlive();
    await this.#discover();
    this.#every(beatMs, () => this.#sayAlive());
    this.#every(discoverMs, () => this.#discover());
    let waitMs = shortWaitMs;
    while (!drain.aborted && !stop.aborted) {
      if (this.#failure !== undefined) throw this.#failure;
      const isBusy = this.#isExclusive || this.#waiting() >= slots;
      const isTaken = !isBusy && (await this.#takeNext());
      if (isTaken) {
        waitMs = shortWaitMs;
        continue;
      }
      const isIdle = this.#working.size === 0;
      if (isIdle && idleMs !== undefined && performance.now() - this.#lastWorkMs > idleMs) break;
      waitMs = isBusy ? shortWaitMs : Math.min(waitMs * 2, longWaitMs);
      await sleep(waitMs, undefined, { signal: AbortSignal.any([drain, stop]) }).catch(() => undefined);
    }
    while (this.#working.size > 0 && !stop.aborted) {
      await Promise.race([...this.#working, sleep(longWaitMs, undefined, { signal: stop }).catch(() => undefined)]);
    }
    return this.#images;
  }

  /** Give back what is in hand, and say goodbye. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    const goodbye = async (): Promise<void> => {
      await Promise.all(
        [...this.#joined.values()].map(async ({ served, jobs, renewal }) => {
          clearInterval(renewal);
          served.close();
          await Promise.all([...jobs].map((job) => job.giveBack()));
        }),
      );
      await this.#options.engine.jobs(workersName).remove(this.#id);
    };
    await Promise.race([goodbye().catch(() => undefined), sleep(beatMs, undefined, { ref: false })]);
  }

  #waiting(): number {
    let count = 0;
    for (const { served } of this.#joined.values()) count += served.waiting;
    return count;
  }

  #every(ms: number, act: () => Promise<void>): void {
    let isRunning = false;
    const timer = setInterval(() => {
      if (isRunning) return;
      isRunning = true;
      act()
        .catch((error: unknown) => {
          this.#failure ??= error;
        })
        .finally(() => {
          isRunning = false;
        });
    }, ms);
    this.#timers.push(timer);
  }

  async #sayAlive(): Promise<void> {
    const { engine, name, slots } = this.#options;
    const workers = engine.jobs(workersName);
    const report: WorkerReport = {
      beat: ++this.#beat,
      images: this.#images,
      takes: [...this.#joined.keys()],
      refuses: [...this.#refused].map(([run, reason]) => ({ run, reason })),
    };
    if (await workers.report(this.#id, report)) return;
    const card: WorkerCard = { version: 1, name, process: ownIdentity(), slots };
    await workers.add([{ id: this.#id, data: card }]);
    await workers.report(this.#id, report);
  }

  /** Join runs that are new, leave those that are gone. */
  async #discover(): Promise<void> {
    const { engine, onNote } = this.#options;
    const listed = await engine.jobs(runsName).list('waiting', mostRuns);
    const runs = new Set<string>();
    for (const { id, data } of listed) {
      let setup: ReturnType<typeof parseRunSetup>;
      try {
        setup = parseRunSetup(data, id);
      } catch (error) {
        this.#refuse(id, (error as Error).message);
        runs.add(id);
        continue;
      }
      // A coordinator that went on with a run may have other settings.
      const key = `${setup.run} ${setup.claim.token}`;
      runs.add(setup.run).add(key);
      const held = this.#joined.get(setup.run);
      if (held !== undefined && held.served.setup.claim.token !== setup.claim.token && held.jobs.size === 0) {
        await this.#leave(setup.run);
      }
      if (this.#joined.has(setup.run) || this.#refused.has(setup.run)) continue;
      try {
        const served = await joinRun(setup, this.#options);
        const taker = engine.taker(unitsName(setup.run), { lockMs: setup.lockMs, mostStalls });
        const jobs = new Set<TakenJob>();
        const renewal = setInterval(() => void renewAll(jobs), setup.lockMs / renewPart);
        this.#joined.set(setup.run, { served, taker, jobs, renewal });
        onNote(`takes part in run ${setup.run}: ${setup.title}`);
        await this.#sayAlive();
      } catch (error) {
        if (!(error instanceof RunRefused) && !isRetinaBenchError(error)) throw error;
        this.#refuse(setup.run, error.message, setup.title);
        await this.#sayAlive();
      }
    }
    for (const [run, { jobs }] of this.#joined) if (!runs.has(run) && jobs.size === 0) await this.#leave(run);
    for (const run of this.#refused.keys()) if (!runs.has(run)) this.#refused.delete(run);
  }

  #refuse(run: string, reason: string, title?: string): void {
    if (this.#refused.has(run)) return;
    this.#refused.set(run, reason);
    this.#options.onNote(`does not take part in run ${run}${title === undefined ? '' : ` (${title})`}: ${reason}`);
  }

  async #leave(run: string): Promise<void> {
    const joined = this.#joined.get(run);
    if (joined === undefined) return;
    this.#joined.delete(run);
    clearInterval(joined.renewal);
    joined.served.close();
    await Promise.all([...joined.jobs].map((job) => job.giveBack()));
    await joined.taker.close();
  }

  /** Take a unit of the next run in turn that has one. @returns whether there was one. */
  async #takeNext(): Promise<boolean> {
    const runs = [...this.#joined.values()];
    for (let step = 1; step <= runs.length; step++) {
      const at = (this.#turn + step) % runs.length;
      const joined = runs[at];
      const job = await joined.taker.take();
      if (job === undefined) continue;
      this.#turn = at;
      joined.jobs.add(job);
      const work = this.#work(joined, job).catch((error: unknown) => {
        this.#failure ??= error;
      });
      this.#working.add(work);
      void work.finally(() => this.#working.delete(work));
      return true;
    }
    return false;
  }

  async #work(joined: Joined, job: TakenJob): Promise<void> {
    const { onNote, onUnit } = this.#options;
    const { served, jobs } = joined;
    const { run } = served.setup;
    const startedMs = performance.now();
    let isAlone = false;
    try {
      const unit = parseUnit(job.data, job.id);
      isAlone = unit.alone === true;
      if (isAlone) {
        this.#isExclusive = true;
        const others = [...this.#working];
        await Promise.all(others);
      }
      const result = await served.work(job.id, unit, this.#id);
      const nowMs = performance.now();
      const tookMs = nowMs - Math.max(startedMs, this.#lastDoneMs);
      this.#lastDoneMs = nowMs;
      this.#lastWorkMs = nowMs;
      const isOurs = await job.complete({ ...result, tookMs });
      jobs.delete(job);
      const images = unit.tasks.reduce((sum, task) => sum + task.images.length, 0);
      if (isOurs) this.#images += images;
      else onNote(`run ${run}: a unit was given to another worker meanwhile; its result is dropped`);
      onUnit({ run, images, imagesPerSecond: (images * 1000) / Math.max(tookMs, 1) });
    } catch (error) {
      jobs.delete(job);
      if (!(error instanceof RunRefused) && !isRetinaBenchError(error)) throw error;
      await job.giveBack();
      if (this.#joined.get(run) !== joined) return;
      this.#refuse(run, error.message, served.setup.title);
      await this.#leave(run);
      await this.#sayAlive();
    } finally {
      if (isAlone) this.#isExclusive = false;
    }
  }
}

/** Renew the locks of the units in hand. One that is another's by now is found out when it is completed. */
async function renewAll(jobs: ReadonlySet<TakenJob>): Promise<void> {
  await Promise.all([...jobs].map((job) => job.renew().catch(() => false)));
}
