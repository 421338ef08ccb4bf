import { FailureStreak, type PoolOptions, type TaskFailure } from '@retinabench/backends/workers';

/** Where a task stands: nobody has it, it is in a unit, it is done or has failed. */
const State = { open: 0, out: 1, done: 2 } as const;

/** Which tasks of a pool are to be done, and what becomes of each, told once. Cost: a byte a task. */
export class TaskTable<Init, Task, Result> {
  readonly #pool: PoolOptions<Init, Task, Result>;
  readonly #states: Uint8Array;
  readonly #streak: FailureStreak;
  /** Tasks before this one have been given out. */
  #next = 0;
  #open: number;

  constructor(pool: PoolOptions<Init, Task, Result>) {
    this.#pool = pool;
    this.#states = new Uint8Array(pool.tasks.length);
    this.#open = pool.tasks.length;
    this.#streak = new FailureStreak(pool.proven ?? false);
  }

  /** Tasks that are neither done nor have failed. */
  get open(): number {
    return this.#open;
  }

  /** Tasks that were in no unit yet. */
  get untouched(): number {
    return this.#pool.tasks.length - this.#next;
  }

  /** Whether nobody has a task, and it has to be done. */
  isOpen(index: number): boolean {
    return this.#states[index] === State.open;
  }

  isDone(index: number): boolean {
    return this.#states[index] === State.done;
  }

  /** The next tasks that nobody has, until their weights reach `most`; at least one. */
  take(most: number, weightOf: (task: Task) => number): number[] {
    const { tasks } = this.#pool;
    const indices: number[] = [];
    for (let weight = 0; this.#next < tasks.length && weight < most; this.#next++) {
      if (!this.isOpen(this.#next)) continue;
      indices.push(this.#next);
      weight += weightOf(tasks[this.#next]);
    }
    return indices;
  }

  giveOut(indices: readonly number[]): void {
    for (const index of indices) this.#states[index] = State.out;
  }

  /** Those that are not done are open again. */
  takeBack(indices: readonly number[]): void {
    for (const index of indices) if (this.#states[index] === State.out) this.#states[index] = State.open;
  }

  finish(index: number, result: Result): void {
    if (this.isDone(index)) return;
    this.#states[index] = State.done;
    this.#open--;
    this.#streak.succeed();
    this.#pool.onResult(index, result);
  }

  /** @throws {ModelError}, {BackendError} if the first tasks fail alike. */
  fail(index: number, failure: TaskFailure): void {
    if (this.isDone(index)) return;
    this.#states[index] = State.done;
    this.#open--;
    this.#streak.fail(failure, this.#pool.nameOf?.(index));
    this.#pool.onFailure(index, failure);
  }
}
