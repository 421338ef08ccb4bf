import type { TaskFailure } from './messages.js';
import type { SpareWorkers } from './spare-workers.js';

/** A crew of worker processes and its work. */
export interface CrewOptions<Init, Task, Result> {
  /** Module that calls `serveTasks`. */
  readonly module: URL;
  readonly workers: number;
  /** Tasks in flight per worker: with 2, one is prepared while the other runs. */
  readonly tasksPerWorker: number;
  readonly init: Init;
  /** Processes that are taken before others are started. */
  readonly spares?: SpareWorkers;
  readonly tasks: readonly Task[];
  /** Which of `tasks` to do. */
  readonly indices: readonly number[];
  /** Deaths of workers before any task is done, at which the crew gives up. */
  readonly mostFruitlessDeaths: number;
  /** Tasks have been done before: failures are their own, however many. */
  readonly proven: boolean;
  /** Longest time of a task from when it is its worker's turn; absent: no limit. */
  readonly taskLimitMs?: number;
  /** What to call a task in an error that ends the crew. */
  nameOf?(index: number): string;
  onResult(index: number, result: Result): void;
  onFailure(index: number, failure: TaskFailure): void;
  /** Called when a worker died, with the task that it ran first and those that it prepared, and how it died. */
  onDeath(indices: readonly number[], how: string): void;
  /** Told when a worker has taken a task that waited. */
  readonly onTaken?: () => void;
  readonly signal?: AbortSignal;
}
