import type { ChildProcess } from 'node:child_process';
import { BackendError, ModelError } from '@retinabench/core';
import { FailureStreak } from './failure-streak.js';
import { forkWorker } from './fork-worker.js';
import type { FromWorker, TaskFailure, ToWorker } from './messages.js';

/** Workers killed in a row while they start, before the machine is taken to be unable to run one. */
const mostFailedStarts = 3;

/** Least time that a worker has to load the model where tasks have a limit: loading may take longer than a task. */
const leastStartMs = 30_000;

/** A crew of worker processes and its work. */
export interface CrewOptions<Init, Task, Result> {
  /** Module that calls `serveTasks`. */
  readonly module: URL;
  readonly workers: number;
  /** Tasks in flight per worker: with 2, one is prepared while the other runs. */
  readonly tasksPerWorker: number;
  readonly init: Init;
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
  readonly signal?: AbortSignal;
}

interface Worker {
  readonly child: ChildProcess;
  /** Indices in flight, the running one first. */
  readonly inFlight: number[];
  ready: boolean;
  /** Ends the worker if its start, or its running task, takes too long. */
  timer: NodeJS.Timeout | undefined;
}

/**
 * Do tasks over child processes, each once. A worker that dies is replaced; what it had in flight is not tried again here.
 * A worker whose task takes too long is killed; what it had prepared is given to another.
 *
 * @throws {ModelError}, {BackendError} if a worker cannot start, all die without having done anything, or the first
 * tasks fail alike.
 * @throws the reason of `signal` if it aborts, and what the callbacks throw.
 */
export async function runCrew<Init, Task, Result>(options: CrewOptions<Init, Task, Result>): Promise<void> {
  const { tasks, indices, tasksPerWorker, taskLimitMs, signal } = options;
  if (indices.length === 0) return;
  const workers = new Set<Worker>();
  const pending = [...indices].reverse();
  const streak = new FailureStreak(options.proven);
  let open = indices.length;
  let failedStarts = 0;
  /** Deaths of workers while no task has been done; undefined once one has. */
  let fruitlessDeaths: number | undefined = 0;
  await new Promise<void>((resolve, reject) => {
    const dismiss = ({ child, timer }: Worker): void => {
      clearTimeout(timer);
      child.removeAllListeners();
      child.on('error', () => undefined);
      child.kill('SIGKILL');
    };
    const end = (error?: unknown): void => {
      signal?.removeEventListener('abort', abort);
      for (const worker of workers) dismiss(worker);
      workers.clear();
      if (error === undefined) resolve();
      else reject(error);
    };
    const abort = (): void => end(signal?.reason);
    const guard = (action: () => void): void => {
      try {
        action();
        if (open === 0) end();
      } catch (error) {
        end(error);
      }
    };
    /** Start the clock of the worker's next step: to load the model, or to do the task whose turn it is. */
    const watch = (worker: Worker): void => {
      clearTimeout(worker.timer);
      if (taskLimitMs === undefined || (worker.ready && worker.inFlight.length === 0)) return;
      const limitMs = worker.ready ? taskLimitMs : Math.max(taskLimitMs, leastStartMs);
      worker.timer = setTimeout(() => guard(() => expire(worker, limitMs)), limitMs);
    };
    const expire = (worker: Worker, limitMs: number): void => {
      if (!worker.ready) {
        throw new BackendError(`the model did not load within ${limitMs / 1000} s; raise --image-timeout if it may`);
      }
      workers.delete(worker);
      dismiss(worker);
      const [index, ...prepared] = worker.inFlight;
      pending.push(...prepared.reverse());
      fail(index, {
        kind: 'timeout',
        message: `took longer than ${limitMs / 1000} s and was ended; raise --image-timeout if it may`,
        exitCode: 3,
      });
      for (const idle of [...workers].filter(({ ready, inFlight }) => ready && inFlight.length === 0)) {
        feed(idle);
        watch(idle);
      }
      if (pending.length > 0) spawn();
    };
    const feed = (worker: Worker): void => {
      while (worker.ready && pending.length > 0 && worker.inFlight.length < tasksPerWorker) {
        const index = pending.pop() as number;
        worker.inFlight.push(index);
        worker.child.send({ type: 'task', index, task: tasks[index] } satisfies ToWorker<Init, Task>);
      }
    };
    const settle = (worker: Worker, index: number): void => {
      worker.inFlight.splice(worker.inFlight.indexOf(index), 1);
      fruitlessDeaths = undefined;
    };
    const fail = (index: number, failure: TaskFailure): void => {
      open--;
      streak.fail(failure, options.nameOf?.(index));
      options.onFailure(index, failure);
    };
    const receive = (worker: Worker, message: FromWorker<Result>): void => {
      // The last words of a worker may come after its death, when its task has been given up already.
      if (!workers.has(worker)) return;
      switch (message.type) {
        case 'ready':
          worker.ready = true;
          failedStarts = 0;
          break;
        case 'fatal':
          throw message.exitCode === 2 ? new ModelError(message.message) : new BackendError(message.message);
        case 'done':
          settle(worker, message.index);
          open--;
          streak.succeed();
          options.onResult(message.index, message.result);
          break;
        case 'failed':
          settle(worker, message.index);
          fail(message.index, message.failure);
      }
      feed(worker);
      watch(worker);
    };
    const onExit = (worker: Worker, how: string, killed: boolean): void => {
      if (!workers.delete(worker)) return;
      clearTimeout(worker.timer);
      if (!worker.ready && (!killed || ++failedStarts > mostFailedStarts)) {
        throw new BackendError(
          `a worker process ended before it was ready (${how}); try --workers 1, and retinabench doctor`,
        );
      }
      if (worker.inFlight.length > 0) {
        if (fruitlessDeaths !== undefined && ++fruitlessDeaths >= options.mostFruitlessDeaths) {
          throw new BackendError(
            `${fruitlessDeaths} worker processes died before any had done an image (${how}); try --workers 1 or a smaller --scale (it may be memory), and retinabench doctor`,
          );
        }
        open -= worker.inFlight.length;
        options.onDeath(worker.inFlight, how);
      }
      if (workers.size < pending.length) spawn();
    };
    const spawn = (): void => {
      const child = forkWorker(options.module);
      const worker: Worker = { child, inFlight: [], ready: false, timer: undefined };
      workers.add(worker);
      watch(worker);
      child.on('message', (message) => guard(() => receive(worker, message as FromWorker<Result>)));
      child.on('error', (error) => {
        // A message to a process that has just died fails too; its exit says how it died.
        if (child.pid === undefined) guard(() => onExit(worker, error.message, false));
      });
      child.on('exit', (code, killedBy) =>
        guard(() => onExit(worker, killedBy ?? `exit code ${code}`, killedBy !== null)),
      );
      child.send({ type: 'init', init: options.init } satisfies ToWorker<Init, Task>);
    };
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort);
    for (let count = 0; count < Math.min(options.workers, indices.length); count++) guard(spawn);
  });
}
