import { BackendError } from '@retinabench/core';
import type { WorkerLike } from './worker-like.js';
import { errorNamed, helloMessage, readyMessage, type WorkerCalls, type WorkerReply } from './worker-messages.js';

/** How long a worker may take to load its program. */
const startMs = 30_000;

/** Waits for an answer. */
interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

/** Questions to a worker and their answers, which may come in any order. One line for each worker. */
export class WorkerLine {
  static readonly #lines = new WeakMap<WorkerLike, WorkerLine>();
  readonly #worker: WorkerLike;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ready: Promise<void>;
  #asked = 0;

  private constructor(worker: WorkerLike) {
    this.#worker = worker;
    this.#ready = new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(
          new BackendError(
            `the worker: expected it to serve detectors, got no word of it in ${startMs / 1000} s; its program has to call serveDetector()`,
          ),
        );
      }, startMs);
      worker.addEventListener('message', (event) => {
        const { data } = event as { readonly data: unknown };
        if (data === readyMessage) {
          clearTimeout(timer);
          resolve();
        } else this.#settle(data);
      });
      // Once it serves, an error of the worker's own program is not one of its detectors.
      worker.addEventListener('error', (event) => {
        clearTimeout(timer);
        const { message } = event as { readonly message?: string };
        // A program that is not served is an event without message.
        reject(
          new BackendError(
            `the worker does not start: ${message || 'its program does not load'}; look whether its address gives JavaScript, and make it with { type: 'module' } if it imports`,
          ),
        );
      });
    });
    this.#ready.catch(() => undefined);
    worker.postMessage(helloMessage, []);
  }

  static to(worker: WorkerLike): WorkerLine {
    const line = WorkerLine.#lines.get(worker) ?? new WorkerLine(worker);
    WorkerLine.#lines.set(worker, line);
    return line;
  }

  /**
   * Ask the worker.
   *
   * @param detector which of its detectors is meant.
   * @throws the error that it answers with; {BackendError} if it does not start.
   */
  async ask<Name extends keyof WorkerCalls>(
    call: Name,
    detector: number,
    ask: WorkerCalls[Name]['ask'],
    transfer: object[] = [],
  ): Promise<WorkerCalls[Name]['answer']> {
    await this.#ready;
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      this.#worker.postMessage({ retinabench: call, id, detector, ask }, transfer);
      this.#waiting.set(id, { resolve, reject });
    });
  }

  #settle(data: unknown): void {
    if (typeof data !== 'object' || data === null || !('retinabench' in data)) return;
    const reply = data as WorkerReply;
    const waiting = this.#waiting.get(reply.id);
    if (waiting === undefined) return;
    this.#waiting.delete(reply.id);
    if (reply.retinabench === 'error') waiting.reject(errorNamed(reply.name, reply.message));
    else waiting.resolve(reply.answer as never);
  }
}
