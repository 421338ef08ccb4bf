import type { PoolOptions } from '@retinabench/backends/workers';
import { DatasetError } from '@retinabench/core';
import type { StoredJob } from '../engine/engine.js';
import { mostStalls } from '../messages/limits.js';
import { parseUnitResult, type UnitOutcome } from '../messages/unit.js';
import type { DispatcherOptions } from './dispatcher-options.js';
import type { AnsweredBy, FleetCodec } from './fleet-codec.js';
import type { OpenUnit } from './issue-unit.js';
import type { OpenUnits } from './open-units.js';
import type { TaskTable } from './task-table.js';
import { answersOf, imagesIn, namedFailure } from './unit-answers.js';

/** Results that may be refused before the run ends: a worker that sends others will not stop. */
const mostRefused = 20;

/** Takes in what became of units that were out: checks it, and settles their tasks. */
export class ResultIntake<Init, Task, Result> {
  readonly #pool: PoolOptions<Init, Task, Result>;
  readonly #options: DispatcherOptions<Task, Result>;
  readonly #table: TaskTable<Init, Task, Result>;
  readonly #units: OpenUnits<Init, Task, Result>;
  #refused = 0;

  constructor(
    pool: PoolOptions<Init, Task, Result>,
    options: DispatcherOptions<Task, Result>,
    table: TaskTable<Init, Task, Result>,
    units: OpenUnits<Init, Task, Result>,
  ) {
    this.#pool = pool;
    this.#options = options;
    this.#table = table;
    this.#units = units;
  }

  /** A worker has completed a unit. */
  take(unit: OpenUnit, job: StoredJob): void {
    const { run, allow, onUnit, onRepeated } = this.#options;
    onRepeated(Math.max(job.taken - 1, 0) * imagesIn(unit));
    this.#units.takeBack(unit);
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

  /** A unit was taken from silent workers too often: its images are given out one by one; an image alone has failed. */
  giveUp(unit: OpenUnit, { taken, failure = 'no reason' }: StoredJob): void {
    this.#options.onRepeated(taken * imagesIn(unit));
    this.#units.takeBack(unit);
    if (unit.unit.alone !== true) {
      this.#units.suspect(unit.indices);
      return;
    }
    const message = `its worker died or went silent ${mostStalls + 1} times (${failure})`;
    for (const index of unit.indices) {
      if (this.#table.isOpen(index)) this.#table.fail(index, { kind: 'death', message, exitCode: 3 });
    }
  }

  /**
   * Settle a task.
   *
   * @param by who answered; undefined where nobody had to.
   */
  finish(
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

  /** A result that is not one: what it is of is given out again, a few times. */
  #refuse(error: unknown, indices: readonly number[]): void {
    if (!(error instanceof DatasetError) || ++this.#refused > mostRefused) throw error;
    this.#options.onNote(`${error.message}: given out again`);
    this.#units.suspect(indices);
  }

  #settle(unit: OpenUnit, place: number, outcome: UnitOutcome, by: AnsweredBy): void {
    const index = unit.indices[place];
    if (this.#table.isDone(index)) return;
    const files = this.#options.codec.imagesOf(this.#pool.tasks[index]);
    if ('death' in outcome) this.#onDeath(index, unit.unit.alone === true, outcome.death);
    else if ('failure' in outcome) this.#table.fail(index, namedFailure(outcome.failure, files));
    else this.finish(index, answersOf(unit, place, outcome.answers, files), by);
  }

  /** A child process of a worker died with a task. */
  #onDeath(index: number, wasAlone: boolean, how: string): void {
    const { attempts = 'both' } = this.#pool;
    if (attempts === 'both' && !wasAlone) this.#units.suspect([index]);
    else {
      const times = attempts === 'first' ? `(${how})` : `twice (${how})`;
      this.#table.fail(index, { kind: 'death', message: `its worker process died ${times}`, exitCode: 3 });
    }
  }
}
