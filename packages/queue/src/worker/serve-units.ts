import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SpareWorkers } from '@retinabench/backends/workers';
import { isRetinaBenchError } from '@retinabench/core';
import { ownIdentity } from '@retinabench/files';
import type { Engine, TakenJob } from '../engine/engine.js';
import { beatMs, mostMs } from '../messages/limits.js';
import { workersName } from '../messages/names.js';
import { parseUnit } from '../messages/unit.js';
import type { WorkerCard, WorkerReport } from '../messages/worker-card.js';
import { Changes } from './changes.js';
import type { WorkerResources } from './join-run.js';
import { prepareKinds } from './prepare-kinds.js';
import { removePrivateFolder } from './private-folder.js';
import { repeated } from './repeated.js';
import { type JoinedRun, RunRoster } from './run-roster.js';
import { RunRefused } from './served-run.js';

/** How often new runs are looked for: by who has nothing in hand, and by who has. */
const [idleDiscoverMs, busyDiscoverMs] = [250, 2000];

/** Shortest and longest wait for a unit where none waits. */
const [shortWaitMs, longWaitMs] = [20, 500];

/** A worker's work. */
export interface ServeOptions extends WorkerResources {
  readonly engine: Engine;
  readonly name: string;
  /** End after so long without work, of which loading for a run is some; absent: never. */
  readonly idleMs?: number;
  onNote(text: string): void;
  onUnit(progress: { readonly run: string; readonly images: number; readonly imagesPerSecond: number }): void;
  /** Take no more units; end when those in hand are done. */
  readonly drain: AbortSignal;
  /** Give back the units in hand and end. */
  readonly stop: AbortSignal;
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
    const served = worker.serve();
    served.catch(() => undefined);
    // A server that does not answer keeps nobody from ending the worker.
    return await Promise.race([served, aborted(options.stop).then(() => worker.images)]);
  } finally {
    await worker.close();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

class UnitServer {
  readonly #options: ServeOptions;
  readonly #id = `worker-${randomUUID()}`;
  readonly #roster: RunRoster;
  readonly #working = new Set<Promise<void>>();
  /** End what is done again and again. */
  readonly #stops: (() => void)[] = [];
  #images = 0;
  #beat = 0;
  /** Of the run whose turn it was last. */
  #turn = 0;
  /** A unit is done with nothing beside it. */
  #isExclusive = false;
  #lastWorkMs = performance.now();
  /** When the unit before was done: units overlap, and each counts its own time alone. */
  #lastDoneMs = performance.now();
  /** Child processes that wait for a run. */
  #spares: SpareWorkers | undefined;
  /** Of what is done beside the loop, which throws it. */
  #failure: unknown;
  readonly #fail = (error: unknown): void => {
    this.#failure ??= error;
  };
  #discoveredMs = performance.now();
  /** There is room for a unit or a new run; work has ended or is to end. */
  readonly #changes = new Changes();

  constructor(options: ServeOptions) {
    this.#options = options;
    this.#roster = new RunRoster({ ...options, spares: () => this.#spares, onTaken: () => this.#changes.tell() });
    for (const signal of [options.drain, options.stop]) {
      signal.addEventListener('abort', () => this.#changes.tell(), { once: true });
    }
  }

  /** Images done so far. */
  get images(): number {
    return this.#images;
  }

  async serve(): Promise<number> {
    const { drain, stop, idleMs, slots } = this.#options;
    await this.#sayAlive();
    await this.#discover();
    if (this.#roster.joined.length === 0) {
      this.#spares = await prepareKinds(this.#options.kinds, slots);
      // A run that came meanwhile is not to find this worker gone.
      if (!stop.aborted) await this.#discover();
    }
    // It is closed by now: nothing is started any more.
    if (stop.aborted) return this.#images;
    this.#lastWorkMs = performance.now();
    this.#stops.push(
      repeated(beatMs, () => this.#sayAlive(), this.#fail),
      repeated(idleDiscoverMs, () => this.#discoverInTime(), this.#fail),
    );
    let waitMs = shortWaitMs;
    while (!drain.aborted && !stop.aborted) {
      if (this.#failure !== undefined) throw this.#failure;
      const isBusy = this.#isExclusive || this.#waiting() >= slots;
      const isTaken = !isBusy && (await this.#takeNext());
      if (isTaken) {
        waitMs = shortWaitMs;
        continue;
      }
      const isIdle = this.#working.size === 0 && !this.#roster.isJoining;
      if (isIdle && idleMs !== undefined && performance.now() - this.#lastWorkMs > idleMs) break;
      // Room for another unit is told, and so is a run that is new; that a unit waits at the server is not.
      waitMs = isBusy ? longWaitMs : Math.min(waitMs * 2, longWaitMs);
      if ((await this.#changes.within(waitMs)) || isBusy) waitMs = shortWaitMs;
    }
    while (this.#working.size > 0 && !stop.aborted) {
      await Promise.race([...this.#working, sleep(longWaitMs, undefined, { signal: stop }).catch(() => undefined)]);
    }
    return this.#images;
  }

  /** Give back what is in hand, and say goodbye. */
  async close(): Promise<void> {
    for (const stop of this.#stops) stop();
    this.#spares?.close();
    this.#spares = undefined;
    const goodbye = async (): Promise<void> => {
      await Promise.all(this.#roster.takes.map((run) => this.#roster.leave(run)));
      await this.#options.engine.jobs(workersName).remove(this.#id);
    };
    await Promise.race([goodbye().catch(() => undefined), sleep(beatMs, undefined, { ref: false })]);
    await removePrivateFolder(this.#options.places.scratch).catch(() => undefined);
  }

  #waiting(): number {
    let count = 0;
    for (const { served } of this.#roster.joined) count += served.waiting;
    return count;
  }

  async #sayAlive(): Promise<void> {
    const { engine, name, slots } = this.#options;
    const workers = engine.jobs(workersName);
    const report: WorkerReport = {
      beat: ++this.#beat,
      images: this.#images,
      takes: this.#roster.takes,
      refuses: this.#roster.refuses,
    };
    if (await workers.report(this.#id, report)) return;
    const card: WorkerCard = { version: 1, name, process: ownIdentity(), slots };
    await workers.add([{ id: this.#id, data: card }]);
    await workers.report(this.#id, report);
  }

  /** Look for new runs: soon where nothing is in hand, seldom beside work. */
  async #discoverInTime(): Promise<void> {
    const isDue = this.#working.size === 0 || performance.now() - this.#discoveredMs >= busyDiscoverMs;
    if (isDue) await this.#discover();
  }

  async #discover(): Promise<void> {
    const hasChanged = await this.#roster.discover();
    this.#discoveredMs = performance.now();
    if (this.#roster.joined.length === 0) this.#spares?.fill();
    if (!hasChanged) return;
    this.#lastWorkMs = this.#discoveredMs;
    this.#changes.tell();
    await this.#sayAlive();
  }

  /** Take a unit of the next run in turn that has one. @returns whether there was one. */
  async #takeNext(): Promise<boolean> {
    const runs = this.#roster.joined;
    for (let step = 1; step <= runs.length; step++) {
      const at = (this.#turn + step) % runs.length;
      const joined = runs[at];
      const job = await joined.taker.take();
      if (job === undefined) continue;
      this.#turn = at;
      joined.jobs.add(job);
      const work = this.#work(joined, job).catch(this.#fail);
      this.#working.add(work);
      void work.finally(() => {
        this.#working.delete(work);
        this.#changes.tell();
      });
      return true;
    }
    return false;
  }

  async #work(joined: JoinedRun, job: TakenJob): Promise<void> {
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
      const tookMs = Math.min(nowMs - Math.max(startedMs, this.#lastDoneMs), mostMs);
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
      if (!this.#roster.has(joined)) return;
      this.#roster.refuse(run, error.message, served.setup);
      await this.#roster.leave(run);
      await this.#sayAlive();
    } finally {
      if (isAlone) this.#isExclusive = false;
    }
  }
}
