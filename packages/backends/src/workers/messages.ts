/** What the parent of a pool says to a worker. */
export type ToWorker<Init, Task> =
  | { readonly type: 'init'; readonly init: Init }
  | { readonly type: 'task'; readonly index: number; readonly task: Task };

/** What a worker says to its parent. */
export type FromWorker<Result> =
  | { readonly type: 'ready' }
  /** The worker cannot work at all: the model does not load, say. */
  | { readonly type: 'fatal'; readonly message: string; readonly exitCode: 2 | 3 }
  | { readonly type: 'done'; readonly index: number; readonly result: Result }
  /** What the worker works with has ended, and it ends as well: how. */
  | { readonly type: 'lost'; readonly how: string }
  /** This task cannot be done, others can. */
  | { readonly type: 'failed'; readonly index: number; readonly failure: TaskFailure };

/** Why a task has no result. */
export interface TaskFailure {
  /**
   * `input`: what the task is about is bad, an image that does not decode; `work`: what is done with it fails, the network
   * on an image; `timeout`: it took longer than a task may; `death`: its worker died with it.
   */
  readonly kind: 'input' | 'work' | 'timeout' | 'death';
  readonly message: string;
  /** Of the program, if this failure ends it. */
  readonly exitCode: 2 | 3;
}
