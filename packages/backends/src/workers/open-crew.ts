import { BackendError } from '@retinabench/core';
import { Crew } from './crew.js';
import type { TaskFailure } from './messages.js';
import type { SpareWorkers } from './spare-workers.js';

/** Tasks in flight per worker process: one running, one being prepared. */
const tasksPerWorker = 2;

/** Worker processes that die before any task is done, after which the crew gives up. */
const mostFruitlessDeaths = 10;

/** Worker processes that wait for tasks. */
export interface OpenCrewOptions<Init> {
  /** Module that calls `serveTasks`. */
  readonly module: URL;
  readonly workers: number;
  readonly init: Init;
  /** Processes that are taken before others are started. */
  readonly spares?: SpareWorkers;
  /** Told when a worker process has taken a task that waited. */
  readonly onTaken?: () => void;
  /** Longest time of a task from when it is its worker's turn; absent: no limit. */
  readonly taskLimitMs?: number;
}

/** What became of a task: a result, a failure, or the death of its worker process, told by how it died. */
export type TaskOutcome<Result> =
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'failed'; readonly failure: TaskFailure }
  | { readonly kind: 'death'; readonly how: string };

/** A crew that takes tasks as they come, for as long as it is open. */
export interface OpenCrew<Task, Result> {
  /** Tasks that no worker process has yet. */
  readonly waiting: number;
  /**
   * Do a task. It is not tried again, whatever becomes of it.
   *
   * @throws {ModelError}, {BackendError} if no worker process can do any: the model does not load, say.
   */
  run(task: Task): Promise<TaskOutcome<Result>>;
  /** End all worker processes; what they do is dropped. */
  close(): void;
}

/** Open a crew; its worker processes start with the first tasks. */
export function openCrew<Init, Task, Result>(options: OpenCrewOptions<Init>): OpenCrew<Task, Result> {
  const tasks: Task[] = [];
  /** Places in `tasks` whose task is settled. */
  const free: number[] = [];
  const open = new Map<number, { settle(outcome: TaskOutcome<Result>): void; fail(error: unknown): void }>();
  let end: { readonly error: unknown } | undefined;
  const settle = (index: number, outcome: TaskOutcome<Result>): void => {
    open.get(index)?.settle(outcome);
    open.delete(index);
    free.push(index);
  };
  const crew = new Crew<Init, Task, Result>(
    {
      ...options,
      tasksPerWorker,
      tasks,
      indices: [],
      mostFruitlessDeaths,
      proven: true,
      onResult: (index, result) => settle(index, { kind: 'done', result }),
      onFailure: (index, failure) => settle(index, { kind: 'failed', failure }),
      onDeath: (indices, how) => {
        for (const index of [...indices]) settle(index, { kind: 'death', how });
      },
    },
    (error) => {
      end = { error: error ?? new BackendError('the worker processes were ended') };
      for (const { fail } of open.values()) fail(end.error);
      open.clear();
    },
    true,
  );
  return {
    get waiting() {
      return crew.waiting;
    },
    run: (task) =>
      new Promise((resolve, reject) => {
        if (end !== undefined) {
          reject(end.error);
          return;
        }
        const index = free.pop() ?? tasks.length;
        tasks[index] = task;
        open.set(index, { settle: resolve, fail: reject });
        crew.add(index);
      }),
    close: () => crew.close(),
  };
}
