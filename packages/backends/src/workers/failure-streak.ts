import { BackendError, ModelError } from '@retinabench/core';
import type { TaskFailure } from './messages.js';

/** Failures alike, of the first tasks, after which more of them would only repeat what is known. */
const mostFailuresAlike = 5;

/**
 * Tells a model that fails on everything from images that it fails on: once the first tasks have failed alike and none has
 * been done, the fault is not theirs. Bad inputs do not count, nor do they break the streak.
 */
export class FailureStreak {
  #kind = '';
  #count = 0;
  #broken: boolean;

  /** @param proven tasks have been done before, so that failures are the tasks' own. */
  constructor(proven: boolean) {
    this.#broken = proven;
  }

  /** A task has been done. */
  succeed(): void {
    this.#broken = true;
  }

  /**
   * A task has failed.
   *
   * @param name of the task, for a failure whose message does not say on what.
   * @throws {ModelError}, {BackendError} with the failure's own message, by its exit code, when the streak is complete.
   */
  fail({ kind, message, exitCode }: TaskFailure, name?: string): void {
    if (this.#broken || kind === 'input' || kind === 'death') return;
    // The sizes of the image and the name of a tensor's element differ from image to image; the fault is the same.
    const alike = message.replaceAll(/[\d.]+/g, '#');
    this.#count = alike === this.#kind ? this.#count + 1 : 1;
    this.#kind = alike;
    if (this.#count < mostFailuresAlike) return;
    const place = kind === 'timeout' && name !== undefined ? `${name}: ` : '';
    const text = `${place}${message} (the same on each of the first ${this.#count}; nothing was done)`;
    throw exitCode === 2 ? new ModelError(text) : new BackendError(text);
  }
}
