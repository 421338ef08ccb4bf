/** Thrown by a job that Ctrl-C or a request to terminate ended; the program exits with 130 and no stack. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/**
 * Run a job that Ctrl-C ends early: the job is told through the signal and keeps what is finished. A second Ctrl-C ends
 * the program at once.
 *
 * @param advice what to tell the user: what is kept and how to go on.
 */
export async function interruptible<Result>(
  advice: () => string,
  job: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new Interrupted(`interrupted; ${advice()}`));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    return await job(controller.signal);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}
