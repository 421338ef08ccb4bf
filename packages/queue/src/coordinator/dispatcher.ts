import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolOptions } from '@retinabench/backends/workers';
import { EnvironmentError } from '@retinabench/core';
import { assertUnchanged } from './assert-unchanged.js';
import type { DispatcherOptions } from './dispatcher-options.js';
import { makeUnit, type ReadTask, readTasks } from './issue-unit.js';
import { leftoverUnits } from './leftover-units.js';
import { lostUnits } from './lost-units.js';
import { OpenUnits } from './open-units.js';
import { ResultIntake } from './result-intake.js';
import { TaskTable } from './task-table.js';
import { failureOf } from './unit-answers.js';

/** Results that are taken in at a time. */
const mostAtOnce = 64;

/** Shortest and longest wait between two looks for results, and the longest when all that is left is out. */
const [shortWaitMs, longWaitMs, lastWaitMs] = [10, 320, 40];

/** How often it is made sure that the server still has every unit. */
const reconcileMs = 15_000;

/** Gives out the tasks of a pool as units, and takes in what becomes of them, each task once. */
export class Dispatcher<Init, Task, Result> {
  readonly #pool: PoolOptions<Init, Task, Result>;
  readonly #options: DispatcherOptions<Task, Result>;
  readonly #table: TaskTable<Init, Task, Result>;
  readonly #units: OpenUnits<Init, Task, Result>;
  readonly #intake: ResultIntake<Init, Task, Result>;
  /** Refusals of workers after which the images that are out were looked at. */
  #lookedAt = 0;

  constructor(pool: PoolOptions<Init, Task, Result>, options: DispatcherOptions<Task, Result>) {
    this.#pool = pool;
    this.#options = options;
    this.#table = new TaskTable(pool);
    this.#units = new OpenUnits(pool.tasks, this.#table, options);
    this.#intake = new ResultIntake(pool, options, this.#table, this.#units);
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
      await this.#lookAfterRefusals();
      if (this.#options.isDraining()) await this.#drain();
      else await this.#fill();
      const taken = (await this.#collect('completed')) + (await this.#collect('failed'));
      if (performance.now() - reconciledMs > reconcileMs) {
        await this.#reconcile();
        reconciledMs = performance.now();
      }
      const mostMs = this.#table.untouched > 0 ? longWaitMs : lastWaitMs;
      waitMs = taken > 0 ? shortWaitMs : Math.min(waitMs * 2, mostMs);
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
      else this.#units.giveOut(unit);
    }
  }

  /** What workers refuse may be an image that was replaced here. @throws {DatasetError} if one was. */
  async #lookAfterRefusals(): Promise<void> {
    const refusals = this.#options.refusals();
    if (refusals === this.#lookedAt) return;
    this.#lookedAt = refusals;
    await assertUnchanged(this.#units.all, this.#options.codec, this.#pool.tasks);
  }

  /** Give out as many units as the fleet can use. */
  async #fill(): Promise<void> {
    const { units, run, capacity } = this.#options;
    const { units: most, slots } = capacity();
    while (this.#units.size < most) {
      const suspect = this.#units.nextSuspect();
      const alone = suspect !== undefined || this.#pool.attempts === 'last';
      const indices = suspect === undefined ? this.#nextTasks(slots) : [suspect];
      if (indices.length === 0) break;
      const tasks = (await this.#readAll(indices)).filter((task) => !this.#answerKnown(task));
      if (tasks.length === 0) continue;
      const unit = makeUnit(run, tasks, alone);
      this.#units.giveOut(unit);
      // One after the other: workers begin with the first while the files of the next are read.
      await units.add([{ id: unit.id, data: unit.unit }]);
    }
  }

  /** Take back what no worker has; once none has anything, the run ends. */
  async #drain(): Promise<void> {
    const { units, run } = this.#options;
    for (const unit of this.#units.all) {
      if ((await units.stateOf(unit.id)) === 'waiting' && (await units.remove(unit.id))) this.#units.takeBack(unit);
    }
    if (this.#units.size > 0) return;
    throw new EnvironmentError(
      `run ${run}: ended by retinabench queue drain; finished images are kept: run the same command again to go on`,
    );
  }

  /** The next tasks that nobody has: as many images as the fleet should have at a time. */
  #nextTasks(slots: number): number[] {
    const { attempts, tasks } = this.#pool;
    if (attempts === 'last') return this.#table.take(1, () => 1);
    const imagesIn = (task: Task): number => this.#options.codec.imagesOf(task).length;
    const perTask = tasks.length === 0 ? 1 : imagesIn(tasks[0]);
    return this.#table.take(this.#options.size.next(this.#table.untouched * perTask, slots), imagesIn);
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
    const answers = readings.map((reading) => ({ reading }));
    this.#intake.finish(index, answers, undefined);
    return true;
  }

  /** Take in what workers have completed, or lost too often. @returns how many units. */
  async #collect(state: 'completed' | 'failed'): Promise<number> {
    const { units } = this.#options;
    if (this.#units.size === 0) return 0;
    const jobs = await units.list(state, mostAtOnce);
    for (const job of jobs) {
      // What is not taken in stays for the next coordinator.
      this.#pool.signal?.throwIfAborted();
      const unit = this.#units.get(job.id);
      if (unit !== undefined) {
        if (state === 'completed') this.#intake.take(unit, job);
        else this.#intake.giveUp(unit, job);
      }
      await units.remove(job.id);
    }
    return jobs.length;
  }

  /** Give out again what the server has lost: it crashed before it wrote to disk, or was emptied. */
  async #reconcile(): Promise<void> {
    const { units, onNote } = this.#options;
    const lost = await lostUnits(units, this.#units.all);
    if (lost.length === 0) return;
    onNote(`the server has lost ${lost.length} units; they are given out again`);
    await units.add(lost.map(({ id, unit }) => ({ id, data: unit })));
  }
}
