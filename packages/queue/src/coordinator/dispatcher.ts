import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolOptions } from '@retinabench/backends/workers';
import { DatasetError, EnvironmentError } from '@retinabench/core';
import type { StoredJob } from '../engine/engine.js';
import { mostStalls } from '../messages/limits.js';
import { parseUnitResult, type UnitOutcome } from '../messages/unit.js';
import type { DispatcherOptions } from './dispatcher-options.js';
import type { AnsweredBy, FleetCodec } from './fleet-codec.js';
import { makeUnit, type OpenUnit, type ReadTask, readTasks } from './issue-unit.js';
import { leftoverUnits } from './leftover-units.js';
import { lostUnits } from './lost-units.js';
import { TaskTable } from './task-table.js';
import { answersOf, failureOf, imagesIn, namedFailure } from './unit-answers.js';

/** Results that are taken in at a time. */
const mostAtOnce = 64;

/** Shortest and longest wait between two looks for results. */
const [shortWaitMs, longWaitMs] = [10, 320];

/** How often it is made sure that the server still has every unit. */
const reconcileMs = 15_000;

/** Results that may be refused before the run ends: a worker that sends others will not stop. */
const mostRefused = 20;

/** Gives out the tasks of a pool as units, and takes in what becomes of them, each task once. */
export class Dispatcher<Init, Task, Result> {
  readonly #pool: PoolOptions<Init, Task, Result>;
  readonly #options: DispatcherOptions<Task, Result>;
  readonly #table: TaskTable<Init, Task, Result>;
  readonly #units = new Map<string, OpenUnit>();
  /** Tasks that may have cost a worker, to be given out alone. */
  readonly #suspects: number[] = [];
  #refused = 0;

  constructor(pool: PoolOptions<Init, Task, Result>, options: DispatcherOptions<Task, Result>) {
    this.#pool = pool;
    this.#options = options;
    this.#table = new TaskTable(pool);
  }

  /** Give out all tasks until each is done or has failed. @throws as runPool. */
  async run(): Promise<void> {
    const { signal } = this.#pool;
    signal?.throwIfAborted();
    const work = this.#work(signal);
    if (signal === undefined) return work;
    // A server that does not answer keeps nobody from ending the run.
    work.catch(() => undefined);
    const interrupted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    await Promise.race([work, interrupted]);
  }

  async #work(signal: AbortSignal | undefined): Promise<void> {
    await this.#adoptLeftovers();
    let waitMs = shortWaitMs;
    let reconciledMs = performance.now();
    while (this.#table.open > 0) {
      signal?.throwIfAborted();
      this.#options.assertGoingOn();
      if (this.#options.isDraining()) await this.#drain();
      else await this.#fill();
      const taken = (await this.#collect()) + (await this.#collectFailed());
      if (performance.now() - reconciledMs > reconcileMs) {
        await this.#reconcile();
        reconciledMs = performance.now();
      }
      waitMs = taken > 0 ? shortWaitMs : Math.min(waitMs * 2, longWaitMs);
      if (this.#table.open > 0)
        await sleep(waitMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    }
    signal?.throwIfAborted();
  }

  /** Take over what an earlier coordinator of the run gave out: results, and units that fit what is open. */
  async #adoptLeftovers(): Promise<void> {
    const { units, run, codec, root, allow } = this.#options;
    const { tasks } = this.#pool;
    const isOpen = (index: number): boolean => this.#table.isOpen(index);
    for await (const { id, unit } of leftoverUnits({ units, run, codec, root, tasks, allow, isOpen })) {
      if (unit === undefined) await units.remove(id);
      else this.#giveOut(unit);
    }
  }

  /** Give out as many units as the fleet can use. */
  async #fill(): Promise<void> {
    const { units, run, capacity } = this.#options;
    const fresh: OpenUnit[] = [];
    const { units: most, slots } = capacity();
    while (this.#units.size < most) {
      const suspect = this.#suspects.pop();
      const alone = suspect !== undefined || this.#pool.attempts === 'last';
      const indices = suspect === undefined ? this.#nextTasks(slots) : [suspect];
      if (indices.length === 0) break;
      const tasks = (await this.#readAll(indices)).filter((task) => !this.#answerKnown(task));
      if (tasks.length === 0) continue;
      const unit = makeUnit(run, tasks, alone);
      this.#giveOut(unit);
      fresh.push(unit);
    }
    if (fresh.length > 0) await units.add(fresh.map(({ id, unit }) => ({ id, data: unit })));
  }

  /** Take back what no worker has; once none has anything, the run ends. */
  async #drain(): Promise<void> {
    const { units, run } = this.#options;
    for (const unit of [...this.#units.values()]) {
      if ((await units.stateOf(unit.id)) === 'waiting' && (await units.remove(unit.id))) this.#takeBack(unit);
    }
    if (this.#units.size > 0) return;
    throw new EnvironmentError(
      `run ${run}: ended by retinabench queue drain; finished images are kept: run the same command again to go on`,
    );
  }

  #imagesIn(task: Task): number {
    return this.#options.codec.imagesOf(task).length;
  }

  /** The next tasks that nobody has: as many images as the fleet should have at a time. */
  #nextTasks(slots: number): number[] {
    const { attempts, tasks } = this.#pool;
    if (attempts === 'last') return this.#table.take(1, () => 1);
    const perTask = tasks.length === 0 ? 1 : this.#imagesIn(tasks[0]);
    const images = this.#options.size.next(this.#table.untouched * perTask, slots);
    return this.#table.take(images, (task) => this.#imagesIn(task));
  }

  /** Read the files of tasks; one that cannot be read fails here, and is left out. */
  async #readAll(indices: readonly number[]): Promise<ReadTask[]> {
    const { codec, root } = this.#options;
    return readTasks(codec, root, this.#pool.tasks, indices, (index, reason) =>
      this.#table.fail(index, failureOf(reason)),
    );
  }

  /** Settle a task whose images are all as they were when they were done. */
  #answerKnown({ index, task, readings }: ReadTask): boolean {
    if (task.images.length > 0) return false;
    this.#finish(
      index,
      readings.map((reading) => ({ reading })),
      undefined,
    );
    return true;
  }

  #giveOut(unit: OpenUnit): void {
    this.#units.set(unit.id, unit);
    this.#table.giveOut(unit.indices);
    unit.indices.forEach((index, i) => {
      const files = new Map(
        this.#options.codec.imagesOf(this.#pool.tasks[index]).map(({ name, file }) => [name, file] as const),
      );
      for (const { name, sha256 } of unit.unit.tasks[i].images) this.#options.offer(sha256, files.get(name) ?? '');
    });
  }

  #takeBack(unit: OpenUnit): void {
    this.#units.delete(unit.id);
    for (const { images } of unit.unit.tasks) for (const { sha256 } of images) this.#options.withdraw(sha256);
    this.#table.takeBack(unit.indices);
  }

  /** Take in what workers have completed. @returns how many units. */
  async #collect(): Promise<number> {
    const { units } = this.#options;
    if (this.#units.size === 0) return 0;
    const jobs = await units.list('completed', mostAtOnce);
    for (const job of jobs) {
      // What is not taken in stays for the next coordinator.
      this.#pool.signal?.throwIfAborted();
      const unit = this.#units.get(job.id);
      if (unit !== undefined) {
        this.#options.onRepeated(Math.max(job.taken - 1, 0) * imagesIn(unit));
        this.#take(unit, job);
      }
      await units.remove(job.id);
    }
    return jobs.length;
  }

  #take(unit: OpenUnit, job: StoredJob): void {
    const { run, allow, onUnit } = this.#options;
    this.#takeBack(unit);
    let result: ReturnType<typeof parseUnitResult>;
    try {
      result = parseUnitResult(job.result, { run, unitId: unit.id, tasks: unit.unit.tasks, allow });
    } catch (error) {
      this.#refuse(error, unit.indices);
      return;
    }
    const { worker, differs, tookMs, parsed } = result;
    const by: AnsweredBy = { worker, ...(differs === undefined ? {} : { differs }) };
    onUnit(by, imagesIn(unit), tookMs);
    for (const [i, outcome] of parsed.entries()) this.#settle(unit, i, outcome, by);
  }

  /** A result that is not one: what it is of is given out again, a few times. */
  #refuse(error: unknown, indices: readonly number[]): void {
    if (!(error instanceof DatasetError) || ++this.#refused > mostRefused) throw error;
    this.#options.onNote(`${error.message}: given out again`);
    this.#suspects.push(...indices.filter((index) => this.#table.isOpen(index)));
  }

  #settle(unit: OpenUnit, place: number, outcome: UnitOutcome, by: AnsweredBy): void {
    const index = unit.indices[place];
    if (this.#table.isDone(index)) return;
    const files = this.#options.codec.imagesOf(this.#pool.tasks[index]);
    if ('death' in outcome) this.#onDeath(index, unit.unit.alone === true, outcome.death);
    else if ('failure' in outcome) {
      this.#table.fail(index, namedFailure(outcome.failure, files));
    } else {
      const answers = answersOf(unit, place, outcome.answers, files);
      this.#finish(index, answers, by);
    }
  }

  #finish(
    index: number,
    answers: Parameters<FleetCodec<Task, Result>['resultOf']>[1],
    by: AnsweredBy | undefined,
  ): void {
    let result: Result;
    try {
      result = this.#options.codec.resultOf(this.#pool.tasks[index], answers, by);
    } catch (error) {
      this.#refuse(error, [index]);
      return;
    }
    this.#table.finish(index, result);
  }

  /** A worker process, or a whole worker, died with a task. */
  #onDeath(index: number, wasAlone: boolean, how: string): void {
    const { attempts = 'both' } = this.#pool;
    if (attempts === 'both' && !wasAlone) this.#suspects.push(index);
    else {
      const times = attempts === 'first' ? `(${how})` : `twice (${how})`;
      this.#table.fail(index, { kind: 'death', message: `its worker process died ${times}`, exitCode: 3 });
    }
  }

  /** Units that were taken from silent workers too often: their images are given out one by one. */
  async #collectFailed(): Promise<number> {
    const { units } = this.#options;
    if (this.#units.size === 0) return 0;
    const jobs = await units.list('failed', mostAtOnce);
    for (const { id, failure = 'no reason', taken } of jobs) {
      this.#pool.signal?.throwIfAborted();
      const unit = this.#units.get(id);
      if (unit !== undefined) {
        this.#options.onRepeated(taken * imagesIn(unit));
        this.#takeBack(unit);
        const open = unit.indices.filter((index) => this.#table.isOpen(index));
        if (unit.unit.alone !== true) this.#suspects.push(...open);
        else {
          const message = `its worker died or went silent ${mostStalls + 1} times (${failure})`;
          for (const index of open) this.#table.fail(index, { kind: 'death', message, exitCode: 3 });
        }
      }
      await units.remove(id);
    }
    return jobs.length;
  }

  /** Give out again what the server has lost: it crashed before it wrote to disk, or was emptied. */
  async #reconcile(): Promise<void> {
    const { units, onNote } = this.#options;
    const lost = await lostUnits(units, [...this.#units.values()]);
    if (lost.length === 0) return;
    onNote(`the server has lost ${lost.length} units; they are given out again`);
    await units.add(lost.map(({ id, unit }) => ({ id, data: unit })));
  }
}
