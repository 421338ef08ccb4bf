import type { ChildProcess } from 'node:child_process';
import { forkWorker } from './fork-worker.js';

/** So many that end in succession as they wait are not replaced: their module cannot be loaded, or there is no memory. */
const mostEnded = 3;

/**
 * Worker processes that have loaded their module and wait to be told what to work on, so that a crew (`openCrew`) that takes them
 * begins without their start. Cost: what the module takes in memory, of each; 30 MB for detection.
 */
export class SpareWorkers {
  readonly #module: URL;
  readonly #most: number;
  readonly #waiting = new Set<ChildProcess>();
  /** Those that have ended as they waited since one was taken. */
  #ended = 0;

  /**
   * @param module calls `serveTasks`.
   * @param most   processes that wait.
   */
  constructor(module: URL, most: number) {
    this.#module = module;
    this.#most = most;
  }

  /**
   * Start those that are missing, unless the last three have ended by themselves. One that cannot start is missed by nobody: a crew
   * starts its own, and says why it cannot.
   */
  fill(): void {
    while (this.#waiting.size < this.#most && this.#ended < mostEnded) {
      const child = forkWorker(this.#module);
      this.#waiting.add(child);
      const drop = (): void => {
        if (this.#waiting.delete(child)) this.#ended++;
      };
      child.once('error', drop).once('exit', drop);
    }
  }

  /**
   * One that waits for work of a module, which is the caller's from now on; undefined if none does.
   *
   * @returns a `ChildProcess`: the types of Node are no part of this package's.
   */
  take(module: URL): object | undefined {
    if (module.href !== this.#module.href) return undefined;
    for (const child of this.#waiting) {
      this.#waiting.delete(child);
      child.removeAllListeners('error').removeAllListeners('exit');
      if (child.connected) {
        this.#ended = 0;
        return child;
      }
      child.on('error', () => undefined);
    }
    return undefined;
  }

  /** End those that wait. */
  close(): void {
    for (const child of this.#waiting) child.kill('SIGKILL');
    this.#waiting.clear();
  }
}
