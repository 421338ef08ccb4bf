import { setTimeout as sleep } from 'node:timers/promises';
import { FailureStreak, type PoolOptions, type TaskFailure } from '@retinabench/backends/workers';
import { DatasetError, EnvironmentError, isRetinaBenchError } from '@retinabench/core';
import type { StoredJob } from '../engine/engine.js';
import { mostStalls } from '../messages/limits.js';
import { parseUnitResult, type UnitOutcome } from '../messages/unit.js';
import type { DispatcherOptions } from './dispatcher-options.js';
import type { AnsweredBy, FleetCodec } from './fleet-codec.js';
import { makeUnit, type OpenUnit, type ReadTask, readTasks } from './issue-unit.js';
import { leftoverUnits } from './leftover-units.js';

/** Results that are taken in at a time. */
const mostAtOnce = 64;

/** Shortest and longest wait between two looks for results. */
const [shortWaitMs, longWaitMs] = [10, 320];

/** How often it is made sure that the server still has every unit. */
const reconcileMs = 15_000;

/** Where a task stands: nobody has it, it is in a unit, it is done or has failed. */
const State = { open: 0, out: 1, done: 2 } as const;

/** Results that may be refused before the run ends: a worker that sends others will not stop. */
const mostRefused = 20;

/** Gives out the tasks of a pool as units, and takes in what becomes of them, each task once. */
export class Dispatcher<Init, Task, Result> {
  readonly #pool: PoolOptions<Init, Task, Result>;
  readonly #options: DispatcherOptions<Task, Result>;
  readonly #states: Uint8Array;
  readonly #units = new Map<string, OpenUnit>();
  /** Tasks that may have cost a worker, to be given out alone. */
  readonly #suspects: number[] = [];
  readonly #streak: FailureStreak;
  /** Tasks before this one have been given out. */
  #next = 0;
  #open: number;
  #refused = 0;

  constructor(pool: PoolOptions<Init, Task, Result>, options: DispatcherOptions<Task, Result>) {
    this.#pool = pool;
    this.#options = options;
    this.#states = new Uint8Array(pool.tasks.length);
    this.#open = pool.tasks.length;
    this.#streak = new FailureStreak(pool.proven ?? false);
  }

  /** Give out all tasks until each is done or has failed. @throws as runPool. */
  async run(): Promise<void> {
    const { signal } = this.#pool;
    await this.#adoptLeftovers();
    let waitMs = shortWaitMs;
    let reconciledMs = performance.now();
    while (this.#open > 0) {
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
      if (this.#open > 0) await sleep(waitMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    }
    signal?.throwIfAborted();
  }

  /** Take over what an earlier coordinator of the run gave out: results, and units that fit what is open. */
  async #adoptLeftovers(): Promise<void> {
    const { units, run, codec, root } = this.#options;
    const { tasks } = this.#pool;
    const isOpen = (index: number): boolean => this.#states[index] === State.open;
    for await (const { id, unit } of leftoverUnits({ units, run, codec, root, tasks, isOpen })) {
      if (unit === undefined) await units.remove(id);
      else this.#giveOut(unit);
    }
  }

  /** Give out as many units as the fleet can use. */
  async #fill(): Promise<void> {
    const { units, size, run, capacity } = this.#options;
    const fresh: OpenUnit[] = [];
    const { units: most, slots } = capacity();
    while (this.#units.size < most) {
      const suspect = this.#suspects.pop();
      const alone = suspect !== undefined || this.#pool.attempts === 'last';
      const indices =
        suspect === undefined ? this.#nextTasks(alone ? 1 : size.next(this.#imagesLeft(), slots)) : [suspect];
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

  #imagesLeft(): number {
    const { tasks } = this.#pool;
    const perTask = tasks.length === 0 ? 1 : this.#options.codec.imagesOf(tasks[0]).length;
    return (tasks.length - this.#next) * perTask;
  }

  /** The next tasks that nobody has, of at most so many images, at least one. */
  #nextTasks(images: number): number[] {
    const { tasks } = this.#pool;
    const indices: number[] = [];
    for (let count = 0; this.#next < tasks.length && count < images; this.#next++) {
      if (this.#states[this.#next] !== State.open) continue;
      indices.push(this.#next);
      count += this.#options.codec.imagesOf(tasks[this.#next]).length;
    }
    return indices;
  }

  /** Read the files of tasks; one that cannot be read fails here, and is left out. */
  async #readAll(indices: readonly number[]): Promise<ReadTask[]> {
    const { codec, root } = this.#options;
    return readTasks(codec, root, this.#pool.tasks, indices, (index, reason) => this.#fail(index, failureOf(reason)));
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
    for (const index of unit.indices) this.#states[index] = State.out;
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
    for (const index of unit.indices) if (this.#states[index] === State.out) this.#states[index] = State.open;
  }

  /** Take in what workers have completed. @returns how many units. */
  async #collect(): Promise<number> {
    const { units } = this.#options;
    if (this.#units.size === 0) return 0;
    const jobs = await units.list('completed', mostAtOnce);
    for (const job of jobs) {
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
    const { run, onUnit } = this.#options;
    this.#takeBack(unit);
    let result: ReturnType<typeof parseUnitResult>;
    try {
      result = parseUnitResult(job.result, { run, unitId: unit.id, tasks: unit.unit.tasks });
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
    this.#suspects.push(...indices.filter((index) => this.#states[index] === State.open));
  }

  #settle(unit: OpenUnit, place: number, outcome: UnitOutcome, by: AnsweredBy): void {
    const index = unit.indices[place];
    if (this.#states[index] === State.done) return;
    const files = this.#options.codec.imagesOf(this.#pool.tasks[index]);
    if ('death' in outcome) this.#onDeath(index, unit.unit.alone === true, outcome.death);
    else if ('failure' in outcome) {
      const { message } = outcome.failure;
      const named = message.replaceAll(/\{(\d+)\}/g, (text, number) => files[Number(number)]?.file ?? text);
      this.#fail(index, { ...outcome.failure, message: named });
    } else {
      const asked = new Map(unit.unit.tasks[place].images.map(({ name }, i) => [name, outcome.answers[i]]));
      const answers = files.map(({ name }, i) => {
        const reading = unit.readings[place][i];
        return asked.has(name) ? { reading, answer: asked.get(name) } : { reading };
      });
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
    this.#states[index] = State.done;
    this.#open--;
    this.#streak.succeed();
    this.#pool.onResult(index, result);
  }

  #fail(index: number, failure: TaskFailure): void {
    if (this.#states[index] === State.done) return;
    this.#states[index] = State.done;
    this.#open--;
    this.#streak.fail(failure, this.#pool.nameOf?.(index));
    this.#pool.onFailure(index, failure);
  }

  /** A worker process, or a whole worker, died with a task. */
  #onDeath(index: number, wasAlone: boolean, how: string): void {
    const { attempts = 'both' } = this.#pool;
    if (attempts === 'both' && !wasAlone) this.#suspects.push(index);
    else {
      const times = attempts === 'first' ? `(${how})` : `twice (${how})`;
      this.#fail(index, { kind: 'death', message: `its worker process died ${times}`, exitCode: 3 });
    }
  }

  /** Units that were taken from silent workers too often: their images are given out one by one. */
  async #collectFailed(): Promise<number> {
    const { units } = this.#options;
    if (this.#units.size === 0) return 0;
    const jobs = await units.list('failed', mostAtOnce);
    for (const { id, failure = 'no reason', taken } of jobs) {
      const unit = this.#units.get(id);
      if (unit !== undefined) {
        this.#options.onRepeated(taken * imagesIn(unit));
        this.#takeBack(unit);
        const open = unit.indices.filter((index) => this.#states[index] === State.open);
        if (unit.unit.alone !== true) this.#suspects.push(...open);
        else {
          const message = `its worker died or went silent ${mostStalls + 1} times (${failure})`;
          for (const index of open) this.#fail(index, { kind: 'death', message, exitCode: 3 });
        }
      }
      await units.remove(id);
    }
    return jobs.length;
  }

  /** Give out again what the server has lost: it crashed before it wrote to disk, or was emptied. */
  async #reconcile(): Promise<void> {
    const { units, onNote } = this.#options;
    const lost: OpenUnit[] = [];
    for (const unit of this.#units.values()) if ((await units.stateOf(unit.id)) === 'lost') lost.push(unit);
    if (lost.length === 0) return;
    onNote(`the server has lost ${lost.length} units; they are given out again`);
    await units.add(lost.map(({ id, unit }) => ({ id, data: unit })));
  }
}

function imagesIn({ unit }: OpenUnit): number {
  return unit.tasks.reduce((sum, { images }) => sum + images.length, 0);
}

function failureOf(error: unknown): TaskFailure {
  const kind = error instanceof DatasetError ? 'input' : 'work';
  const message = error instanceof Error ? error.message : String(error);
  return { kind, message, exitCode: isRetinaBenchError(error) ? error.exitCode : 3 };
}
