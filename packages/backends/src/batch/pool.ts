import { type ChildProcess, fork } from 'node:child_process';
import { BackendError, ModelError } from '@retinabench/core';
import type { FromWorker, ToWorker } from './messages.js';

/** Tasks in flight per worker: one running, one being prepared, so that memory holds two decoded images a worker. */
const tasksPerWorker = 2;

/** A pool's work. */
export interface PoolOptions<Init, Task, Result> {
  /** Module that calls `serveTasks`. */
  readonly module: URL;
  readonly workers: number;
  readonly init: Init;
  readonly tasks: readonly Task[];
  /** Called once for each task done, in the order of completion. An error of it ends the pool. */
  onResult(index: number, result: Result): void;
  /** Called once for each task that failed, or that killed its worker twice. */
  onFailure(index: number, message: string): void;
  /** Ends the pool early: running tasks are dropped. */
  readonly signal?: AbortSignal;
}

interface Worker {
  readonly child: ChildProcess;
  /** Indices in flight, the running one first. */
  readonly inFlight: number[];
  ready: boolean;
}

/**
 * Run tasks over child processes, each with one session of its own. A process that crashes in native code or is killed
 * takes only itself down: it is replaced, its tasks are tried once more, each alone, and one that kills again is reported.
 *
 * @throws {ModelError}, {BackendError} if a worker cannot start.
 * @throws the reason of `signal` if it aborts.
 */
export async function runPool<Init, Task, Result>(options: PoolOptions<Init, Task, Result>): Promise<void> {
  const { tasks, signal } = options;
  if (tasks.length === 0) return;
  const workers = new Set<Worker>();
  /** 1 for a task that was in flight when its worker died: it is tried once more, alone, so that the blame is certain. */
  const suspect = new Uint8Array(tasks.length);
  const pending = Array.from(tasks.keys()).reverse();
  let open = tasks.length;
  await new Promise<void>((resolve, reject) => {
    const end = (error?: unknown): void => {
      signal?.removeEventListener('abort', abort);
      for (const { child } of workers) {
        child.removeAllListeners();
        child.on('error', () => undefined);
        child.kill('SIGKILL');
      }
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
    const feed = (worker: Worker): void => {
      while (worker.ready && pending.length > 0) {
        const [running] = worker.inFlight;
        const alone = suspect[pending[pending.length - 1]] === 1 || (running !== undefined && suspect[running] === 1);
        if (worker.inFlight.length >= (alone ? 1 : tasksPerWorker)) break;
        const index = pending.pop() as number;
        worker.inFlight.push(index);
        worker.child.send({ type: 'task', index, task: tasks[index] } satisfies ToWorker<Init, Task>);
      }
    };
    const settle = (worker: Worker, index: number): void => {
      worker.inFlight.splice(worker.inFlight.indexOf(index), 1);
      open--;
    };
    const receive = (worker: Worker, message: FromWorker<Result>): void => {
      switch (message.type) {
        case 'ready':
          worker.ready = true;
          break;
        case 'fatal':
          throw message.exitCode === 2 ? new ModelError(message.message) : new BackendError(message.message);
        case 'done':
          settle(worker, message.index);
          options.onResult(message.index, message.result);
          break;
        case 'failed':
          settle(worker, message.index);
          options.onFailure(message.index, message.message);
      }
      feed(worker);
    };
    const bury = (worker: Worker, how: string): void => {
      if (!workers.delete(worker)) return;
      if (!worker.ready)
        throw new BackendError(
          `a worker process ended before it was ready (${how}); try --workers 1, and retinabench doctor`,
        );
      for (const index of worker.inFlight.reverse()) {
        if (suspect[index] === 0) {
          suspect[index] = 1;
          pending.push(index);
        } else {
          open--;
          options.onFailure(index, `its worker process died twice (${how}); the image is left out`);
        }
      }
      if (open > 0) hire();
    };
    const hire = (): void => {
      const child = fork(options.module, { serialization: 'advanced', execArgv: [] });
      const worker: Worker = { child, inFlight: [], ready: false };
      workers.add(worker);
      child.on('message', (message) => guard(() => receive(worker, message as FromWorker<Result>)));
      child.on('error', (error) => {
        // A message to a process that has just died fails too; its exit says how it died.
        if (child.pid === undefined) guard(() => bury(worker, error.message));
      });
      child.on('exit', (code, killedBy) => guard(() => bury(worker, killedBy ?? `exit code ${code}`)));
      child.send({ type: 'init', init: options.init } satisfies ToWorker<Init, Task>);
    };
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort);
    for (let count = 0; count < Math.min(options.workers, tasks.length); count++) guard(hire);
  });
}
