import { BackendError, DatasetError, ModelError, ProtocolError, ShapeError } from '@retinabench/core';
import type { DetectorOptions, PageDetector, PictureDetections } from './page-detector.js';
import type { Picture } from './picture.js';

/** What a worker says when it begins to serve, and when it is asked whether it does. */
export const readyMessage = 'retinabench: ready';
export const helloMessage = 'retinabench: hello';

/** What a detector tells of itself. */
export type OpenedDetector = Pick<PageDetector, 'card' | 'protocol' | 'backend' | 'version'>;

/** The calls of a worker: what is asked, and what is answered. */
export interface WorkerCalls {
  readonly open: { readonly ask: DetectorOptions; readonly answer: OpenedDetector };
  /** A bitmap is closed when it was read. */
  readonly detect: { readonly ask: Picture; readonly answer: PictureDetections };
  readonly dispose: { readonly ask: undefined; readonly answer: undefined };
}

/** A call on its way to the worker. `detector` numbers those that one worker has open. */
export interface WorkerQuestion<Name extends keyof WorkerCalls = keyof WorkerCalls> {
  readonly retinabench: Name;
  readonly id: number;
  readonly detector: number;
  readonly ask: WorkerCalls[Name]['ask'];
}

/** What comes back: errors travel as name and message. */
export type WorkerReply =
  | { readonly retinabench: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly retinabench: 'error'; readonly id: number; readonly name: string; readonly message: string };

const classes = { BackendError, DatasetError, ModelError, ProtocolError, ShapeError } as const;

/** Names of classes are lost where a program is minified; those of errors are not. */
export function errorNamed(name: string, message: string): Error {
  return Object.hasOwn(classes, name) ? new classes[name as keyof typeof classes](message) : new Error(message);
}

/** The class of a typed error, which a minified program may have renamed. */
export function nameOf(error: unknown): string {
  const found = Object.entries(classes).find(([, kind]) => error instanceof kind);
  return found?.[0] ?? 'Error';
}
