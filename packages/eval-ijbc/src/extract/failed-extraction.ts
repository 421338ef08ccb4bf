import type { TaskFailure } from '@retinabench/backends';
import { BackendError, DatasetError, ModelError } from '@retinabench/core';

/** An image without features, and why. */
export interface FailedExtraction extends TaskFailure {
  readonly image: number;
}

/** Whether an image ended its worker or took too long, so that what ran beside it failed with it. */
export function isDeadly({ kind }: FailedExtraction): boolean {
  return kind === 'death' || kind === 'timeout';
}

/** The error of an extraction. Images that ended their worker are the environment's failure, and all named; of others the first five are. */
export function cannotExtract(names: readonly string[], failed: readonly FailedExtraction[]): Error {
  const describe = ({ image, message }: FailedExtraction): string => `${names[image]}: ${message}`;
  const deadly = failed.filter(isDeadly);
  const others = failed.filter(({ kind }) => kind === 'input' || kind === 'work');
  const work = others.find(({ kind }) => kind === 'work');
  const named = [...deadly, ...others.slice(0, 5)].map(describe).join('; ');
  const what = `${failed.length} of ${names.length} images could not be extracted, the others are kept: ${named}`;
  if (deadly.length > 0) {
    return new BackendError(
      `${what}; give the machine more memory or time, or leave them out, and run the same command again`,
    );
  }
  if (work === undefined) return new DatasetError(`${what}; correct them and run the same command again`);
  const next = `${what}; choose another model or --backend`;
  return work.exitCode === 2 ? new ModelError(next) : new BackendError(next);
}
