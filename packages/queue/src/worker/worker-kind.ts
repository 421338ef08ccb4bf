import type { RunSetup, SetupModel } from '../messages/run-setup.js';
import type { WorkerConditions } from '../messages/worker-conditions.js';

/** An image that lies in a file here. */
export interface LocatedImage {
  readonly name: string;
  readonly file: string;
  readonly numbers?: readonly number[];
}

/** What a worker's own process answers of an image. */
export interface LocalAnswer {
  /** SHA-256 of the bytes that were read. */
  readonly sha256: string;
  /** As JSON; the coordinator checks it. */
  readonly answer: unknown;
}

/** A run that this machine can work on. */
export interface OpenedKind<Init = unknown, Task = unknown, Result = unknown> {
  readonly conditions: WorkerConditions;
  /** Module that calls `serveTasks`. */
  readonly module: URL;
  readonly init: Init;
  toTask(images: readonly LocatedImage[]): Task;
  toAnswers(result: Result): readonly LocalAnswer[];
}

/** Kinds of work by name: what this machine needs for a run, checked. */
export type WorkerKinds = ReadonlyMap<string, WorkerKind>;

/** One of them. */
export interface WorkerKind {
  /**
   * Load what every run of this kind needs; called once, before there is one.
   *
   * @returns the module of its child processes, of which some are started then.
   */
  prepare?(): Promise<URL>;
  /**
   * @param model gives the bytes of a model that the run names.
   * @throws a typed error that says why this machine cannot work on the run.
   */
  open(setup: RunSetup, model: (model: SetupModel) => Promise<Uint8Array>): Promise<OpenedKind>;
}
