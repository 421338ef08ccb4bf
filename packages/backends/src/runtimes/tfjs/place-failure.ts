import { BackendError, ModelError } from '@retinabench/core';

/**
 * Carry out a part of a run.
 *
 * @param place the model's name.
 * @throws {BackendError} that begins with `place` where the part throws a ModelError or BackendError; all else as it is.
 */
export function placeFailure<T>(place: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    if (cause instanceof ModelError || cause instanceof BackendError) {
      throw new BackendError(`${place}: ${cause.message}; the session stays usable`, { cause });
    }
    throw cause;
  }
}
