/**
 * What the typed errors of RetinaBench share. Each message names the place, what was expected, what was found and the next step,
 * so that it can be printed as it is. `exitCode` is what a command-line program exits with when the error ends it.
 */
export abstract class RetinaBenchError extends Error {
  abstract readonly exitCode: 2 | 3;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** An array has the wrong length, rank or dimensions. */
export class ShapeError extends RetinaBenchError {
  readonly exitCode = 2;
}

/** A setting of a protocol is unknown, contradictory or makes the number meaningless. */
export class ProtocolError extends RetinaBenchError {
  readonly exitCode = 2;
}

/** A data set, an annotation, a prediction file or a record is missing, malformed or incomplete. */
export class DatasetError extends RetinaBenchError {
  readonly exitCode = 2;
}

/** A model, checkpoint or model card is malformed or unsupported. */
export class ModelError extends RetinaBenchError {
  readonly exitCode = 2;
}

/** A backend cannot be loaded, or failed while running. */
export class BackendError extends RetinaBenchError {
  readonly exitCode = 3;
}

/** What a command needs from its surroundings is missing: a data set, a folder it may write to, disk space. */
export class EnvironmentError extends RetinaBenchError {
  readonly exitCode = 3;
}

/** Whether `error` is one of RetinaBench's typed errors. */
export function isRetinaBenchError(error: unknown): error is RetinaBenchError {
  return error instanceof RetinaBenchError;
}
