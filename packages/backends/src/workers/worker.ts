import { DatasetError, isRetinaBenchError } from '@retinabench/core';
import { exitWithParent } from './exit-with-parent.js';
import type { FromWorker, TaskFailure, ToWorker } from './messages.js';
import { WorkerLostError } from './worker-lost-error.js';

/** What a worker does with each task: prepare (decode) overlaps the run (inference) of the task before it. */
export interface TaskHandler<Task, Prepared, Result> {
  prepare(task: Task): Promise<Prepared>;
  run(task: Task, prepared: Prepared): Promise<Result>;
}

/**
 * Serve tasks in a child process that `runPool` forked: build the handler from the first message, then prepare every
 * task as it comes and run one at a time. Ends when the parent does; ignores Ctrl-C, which the parent handles.
 *
 * @param build makes the handler; an error of it is fatal, an error of a task is that task's alone. A WorkerLostError of either ends
 * the process, so that another takes its place; one of `build` that ran out of time is fatal, as the next may stand still as long.
 */
export function serveTasks<Init, Task, Prepared, Result>(
  build: (init: Init) => Promise<TaskHandler<Task, Prepared, Result>>,
): void {
  const say = (message: FromWorker<Result>): void => {
    process.send?.(message);
  };
  let handler: TaskHandler<Task, Prepared, Result>;
  let queue: Promise<void> = Promise.resolve();
  process.on('SIGINT', () => undefined);
  exitWithParent();
  process.on('message', (message: ToWorker<Init, Task>) => {
    if (message.type === 'init') {
      queue = build(message.init).then(
        (built) => {
          handler = built;
          say({ type: 'ready' });
        },
        (error: unknown) => {
          if (error instanceof WorkerLostError && !error.timedOut) return endLost(error);
          return say({ type: 'fatal', message: messageOf(error), exitCode: exitCodeOf(error) });
        },
      );
      return;
    }
    const { index, task } = message;
    const prepared = handler.prepare(task);
    // The queue awaits it later; until then a rejection is not unhandled.
    prepared.catch(() => undefined);
    queue = queue.then(async () => {
      try {
        say({ type: 'done', index, result: await handler.run(task, await prepared) });
      } catch (error) {
        if (error instanceof WorkerLostError) return endLost(error);
        say({ type: 'failed', index, failure: failureOf(error) });
      }
    });
  });
}

/** End this process with its last words; never comes back, so that no other task is begun. */
function endLost({ message }: WorkerLostError): Promise<never> {
  process.send?.({ type: 'lost', how: message } satisfies FromWorker<never>, undefined, undefined, () =>
    process.exit(1),
  );
  return new Promise(() => undefined);
}

function failureOf(error: unknown): TaskFailure {
  const kind = error instanceof DatasetError ? 'input' : 'work';
  return { kind, message: messageOf(error), exitCode: exitCodeOf(error) };
}

function exitCodeOf(error: unknown): 2 | 3 {
  return isRetinaBenchError(error) ? error.exitCode : 3;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
