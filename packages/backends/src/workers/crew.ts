import { ChildProcess } from 'node:child_process';
import { BackendError, ModelError } from '@retinabench/core';
import type { CrewOptions } from './crew-options.js';
import { FailureStreak } from './failure-streak.js';
import { forkWorker } from './fork-worker.js';
import type { FromWorker, TaskFailure, ToWorker } from './messages.js';
import { startLimitMs } from './start-limit.js';

/** Workers killed, or left without their browser or GPU, in a row while they start, before the machine is taken to be unable to run one. */
const mostFailedStarts = 3;

interface Worker {
  readonly child: ChildProcess;
  /** Indices in flight, the running one first. */
  readonly inFlight: number[];
  ready: boolean;
  /** What it said of its end, where that was not its own. */
  lastWords?: string;
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
  if (options.indices.length === 0) return;
  await new Promise<void>((resolve, reject) => {
    new Crew(options, (error) => (error === undefined ? resolve() : reject(error))).start();
  });
}

/** A crew that `runCrew` runs to its end, and `openCrew` gives more and more tasks. */
export class Crew<Init, Task, Result> {
  readonly #options: CrewOptions<Init, Task, Result>;
  /** Called at the end, with the error that brought it. */
  readonly #onEnd: (error?: unknown) => void;
  readonly #workers = new Set<Worker>();
  /** Indices not given to a worker yet, the next one last. */
  readonly #pending: number[];
  readonly #streak: FailureStreak;
  /** Tasks that are neither done nor given up. */
  #open: number;
  #failedStarts = 0;
  /** Deaths of workers while no task has been done; undefined once one has. */
  #fruitlessDeaths: number | undefined = 0;
  /** It waits for more tasks when all are done. */
  readonly #standing: boolean;
  #ended = false;

  constructor(options: CrewOptions<Init, Task, Result>, onEnd: (error?: unknown) => void, standing = false) {
    this.#options = options;
    this.#onEnd = onEnd;
    this.#standing = standing;
    this.#pending = [...options.indices].reverse();
    this.#streak = new FailureStreak(options.proven);
    this.#open = options.indices.length;
  }

  start(): void {
    const { signal, workers, indices } = this.#options;
    if (signal?.aborted) {
      this.#abort();
      return;
    }
    signal?.addEventListener('abort', this.#abort);
    for (let count = 0; count < Math.min(workers, indices.length); count++) this.#guard(() => this.#spawn());
  }

  /** Tasks that no worker has yet. */
  get waiting(): number {
    return this.#pending.length;
  }

  /** Do one more of the tasks, after those that wait. */
  add(index: number): void {
    this.#open++;
    this.#pending.unshift(index);
    this.#guard(() => {
      const idle = [...this.#workers].find(({ ready, inFlight }) => ready && inFlight.length === 0);
      if (idle !== undefined) {
        this.#feed(idle);
        this.#watch(idle);
      } else if (this.#workers.size < this.#options.workers) this.#spawn();
      else for (const worker of this.#workers) this.#feed(worker);
    });
  }

  /** End all workers; what they do is dropped. */
  close(): void {
    if (!this.#ended) this.#end();
  }

  readonly #abort = (): void => this.#end(this.#options.signal?.reason);

  #end(error?: unknown): void {
    this.#ended = true;
    this.#options.signal?.removeEventListener('abort', this.#abort);
    for (const worker of this.#workers) dismiss(worker);
    this.#workers.clear();
    this.#onEnd(error);
  }

  /** Carry out what an event asks for; the crew ends if it fails or was the last. */
  #guard(action: () => void): void {
    try {
      action();
      if (this.#open === 0 && !this.#standing) this.#end();
    } catch (error) {
      this.#end(error);
    }
  }

  #spawn(): void {
    const { module, spares } = this.#options;
    const spare = spares?.take(module);
    const child = spare instanceof ChildProcess ? spare : forkWorker(module);
    const worker: Worker = { child, inFlight: [], ready: false, timer: undefined };
    this.#workers.add(worker);
    this.#watch(worker);
    child.on('message', (message) => this.#guard(() => this.#receive(worker, message as FromWorker<Result>)));
    child.on('error', (error) => {
      // A message to a process that has just died fails too; its exit says how it died.
      if (child.pid === undefined) this.#guard(() => this.#onExit(worker, error.message, false));
    });
    child.on('exit', (code, killedBy) =>
      this.#guard(() => this.#onExit(worker, killedBy ?? `exit code ${code}`, killedBy !== null)),
    );
    child.send({ type: 'init', init: this.#options.init } satisfies ToWorker<Init, Task>);
  }

  /** Start the clock of the worker's next step: to load the model, or to do the task whose turn it is. */
  #watch(worker: Worker): void {
    const { taskLimitMs } = this.#options;
    clearTimeout(worker.timer);
    if (taskLimitMs === undefined || (worker.ready && worker.inFlight.length === 0)) return;
    // Loading, which may start a browser, may take longer than a task.
    const limitMs = worker.ready ? taskLimitMs : Math.max(taskLimitMs, startLimitMs());
    worker.timer = setTimeout(() => this.#guard(() => this.#expire(worker, limitMs)), limitMs);
  }

  #expire(worker: Worker, limitMs: number): void {
    if (!worker.ready) {
      throw new BackendError(
        `the model did not load within ${Math.round(limitMs / 1000)} s; raise --image-timeout if it may`,
      );
    }
    this.#workers.delete(worker);
    dismiss(worker);
    const [index, ...prepared] = worker.inFlight;
    this.#pending.push(...prepared.reverse());
    this.#fail(index, {
      kind: 'timeout',
      message: `took longer than ${limitMs / 1000} s and was ended; raise --image-timeout if it may`,
      exitCode: 3,
    });
    for (const idle of [...this.#workers].filter(({ ready, inFlight }) => ready && inFlight.length === 0)) {
      this.#feed(idle);
      this.#watch(idle);
    }
    if (this.#pending.length > 0) this.#spawn();
  }

  #feed(worker: Worker): void {
    const { tasks, tasksPerWorker, onTaken } = this.#options;
    while (worker.ready && this.#pending.length > 0 && worker.inFlight.length < tasksPerWorker) {
      const index = this.#pending.pop() as number;
      worker.inFlight.push(index);
      worker.child.send({ type: 'task', index, task: tasks[index] } satisfies ToWorker<Init, Task>);
      onTaken?.();
    }
  }

  #receive(worker: Worker, message: FromWorker<Result>): void {
    // The last words of a worker may come after its death, when its task has been given up already.
    if (!this.#workers.has(worker)) return;
    switch (message.type) {
      case 'ready':
        worker.ready = true;
        this.#failedStarts = 0;
        break;
      case 'fatal':
        throw message.exitCode === 2 ? new ModelError(message.message) : new BackendError(message.message);
      case 'lost':
        worker.lastWords = message.how;
        return;
      case 'done':
        this.#settle(worker, message.index);
        this.#open--;
        this.#streak.succeed();
        this.#options.onResult(message.index, message.result);
        break;
      case 'failed':
        this.#settle(worker, message.index);
        this.#fail(message.index, message.failure);
    }
    this.#feed(worker);
    this.#watch(worker);
  }

  #settle(worker: Worker, index: number): void {
    worker.inFlight.splice(worker.inFlight.indexOf(index), 1);
    this.#fruitlessDeaths = undefined;
  }

  #fail(index: number, failure: TaskFailure): void {
    this.#open--;
    this.#streak.fail(failure, this.#options.nameOf?.(index));
    this.#options.onFailure(index, failure);
  }

  /** A worker has ended: count it, give up what it had in flight, and replace it where work is left. */
  #onExit(worker: Worker, how: string, killed: boolean): void {
    if (!this.#workers.delete(worker)) return;
    clearTimeout(worker.timer);
    const cause = worker.lastWords ?? how;
    // What it worked with was killed, or it was itself: that may happen once. An end of its own happens again.
    const mayStart = killed || worker.lastWords !== undefined;
    if (!worker.ready && (!mayStart || ++this.#failedStarts > mostFailedStarts)) {
      throw new BackendError(
        `a worker process ended before it was ready (${cause}); try --workers 1, and retinabench doctor`,
      );
    }
    if (worker.inFlight.length > 0) {
      if (this.#fruitlessDeaths !== undefined && ++this.#fruitlessDeaths >= this.#options.mostFruitlessDeaths) {
        throw new BackendError(
          `${this.#fruitlessDeaths} worker processes died before any had done an image (${cause}); try --workers 1 or a smaller --scale (it may be memory), and retinabench doctor`,
        );
      }
      this.#open -= worker.inFlight.length;
      this.#options.onDeath(worker.inFlight, cause);
    }
    if (this.#workers.size < this.#pending.length) this.#spawn();
  }
}

/** Kill a worker; nothing it still says is heard. */
function dismiss({ child, timer }: Worker): void {
  clearTimeout(timer);
  child.removeAllListeners();
  child.on('error', () => undefined);
  child.kill('SIGKILL');
}
