import { BackendError } from '@retinabench/core';

/**
 * What a worker works with has ended (its browser, the GPU): no task can be done here any more, and whether the task at hand
 * is to blame is not known. In a worker process it ends the process, as a crash of native code does (`serveTasks`).
 */
export class WorkerLostError extends BackendError {
  /** It was ended because it took too long: another would cost that time again. */
  readonly timedOut: boolean;

  constructor(message: string, { timedOut = false, ...options }: ErrorOptions & { readonly timedOut?: boolean } = {}) {
    super(message, options);
    this.timedOut = timedOut;
  }
}
