import type { Output } from './output.js';
import { type Progress, startProgress } from './progress.js';

/** Work that is done before needs no progress. */
const afterMs = 1000;

/** The progress of work that is mostly done at once: nothing is shown of its first second. */
export class LateProgress {
  readonly #output: Output;
  readonly #unit: string;
  readonly #startedMs = performance.now();
  #progress: Progress | undefined;

  /** @param unit plural noun: `rules`. */
  constructor(output: Output, unit: string) {
    this.#output = output;
    this.#unit = unit;
  }

  update(done: number, total: number): void {
    if (this.#progress === undefined && performance.now() - this.#startedMs < afterMs) return;
    this.#progress ??= startProgress(this.#output, total, this.#unit);
    this.#progress.update(done);
  }

  stop(): void {
    this.#progress?.stop();
  }
}
