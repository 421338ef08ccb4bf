import { runCrew } from './crew.js';
import type { TaskFailure } from './messages.js';

/** Tasks in flight per worker: one running, one being prepared, so that memory holds two decoded images a worker. */
const tasksPerWorker = 2;

/** Workers that die before any has done a task; then it is not the tasks that kill. */
const mostFruitlessDeaths = 10;

/** A pool's work. */
export interface PoolOptions<Init, Task, Result> {
  /** Module that calls `serveTasks`. */
  readonly module: URL;
  readonly workers: number;
  readonly init: Init;
  readonly tasks: readonly Task[];
  /** What to call a task in an error that ends the pool. */
  nameOf?(index: number): string;
  /** Called once for each task done, in the order of completion. An error of it ends the pool. */
  onResult(index: number, result: Result): void;
  /** Called once for each task that failed, took too long, or was left out because its worker died. */
  onFailure(index: number, failure: TaskFailure): void;
  /**
   * Which of the two attempts at a task are made: `both` (the default); the `first` only, so that a task whose worker died
   * is left out at once; the `last` only, for tasks that have cost a worker already.
   */
  readonly attempts?: 'both' | 'first' | 'last';
  /** Tasks of this work have been done before: then it goes on although the first ones fail alike. */
  readonly proven?: boolean;
  /** Longest time of a task from when it is its worker's turn; absent: no limit. */
  readonly taskLimitMs?: number;
  /** Ends the pool early: running tasks are dropped. */
  readonly signal?: AbortSignal;
}

/**
 * Run tasks over child processes, each with one session of its own. A process that crashes in native code or is killed
 * takes only itself down: it is replaced, and what it had in flight is tried once more when all else is done, one task at
 * a time with no other worker beside it, so that neither blame nor lack of memory is anybody else's. A task that kills
 * again is left out. One that takes too long is ended and not tried again.
 *
 * @throws {ModelError}, {BackendError} if a worker cannot start, all die without having done anything, or the first tasks
 * fail alike.
 * @throws the reason of `signal` if it aborts.
 */
export async function runPool<Init, Task, Result>(options: PoolOptions<Init, Task, Result>): Promise<void> {
  const { attempts = 'both', proven = false, tasks, taskLimitMs, signal } = options;
  const all = Array.from(tasks.keys());
  const leaveOut = (indices: readonly number[], deaths: string): void => {
    for (const index of indices) {
      options.onFailure(index, { kind: 'death', message: `its worker process died ${deaths}`, exitCode: 3 });
    }
  };
  let done = proven;
  const crew = {
    module: options.module,
    init: options.init,
    tasks,
    onResult: (index: number, result: Result): void => {
      done = true;
      options.onResult(index, result);
    },
    onFailure: (index: number, failure: TaskFailure): void => options.onFailure(index, failure),
    nameOf: (index: number): string => options.nameOf?.(index) ?? `task ${index}`,
    ...(taskLimitMs === undefined ? {} : { taskLimitMs }),
    ...(signal === undefined ? {} : { signal }),
  };
  const suspects: number[] = [];
  if (attempts === 'last') for (const index of all) suspects.push(index);
  else {
    await runCrew<Init, Task, Result>({
      ...crew,
      workers: options.workers,
      tasksPerWorker,
      indices: all,
      mostFruitlessDeaths,
      proven,
      onDeath: (indices, how) => {
        if (attempts === 'first') leaveOut(indices, `(${how})`);
        else for (const index of indices) suspects.push(index);
      },
    });
  }
  await runCrew<Init, Task, Result>({
    ...crew,
    workers: 1,
    tasksPerWorker: 1,
    indices: suspects.sort((a, b) => a - b),
    mostFruitlessDeaths: Number.POSITIVE_INFINITY,
    proven: done,
    onDeath: (indices, how) => leaveOut(indices, `twice (${how})`),
  });
}
