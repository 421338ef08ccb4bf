import { checkJson, DatasetError, type JsonContract, objectSchema } from '@retinabench/core';
import type { ProcessIdentity } from '@retinabench/files';

/** Who a worker is, as the queue holds it. */
export interface WorkerCard {
  readonly version: 1;
  readonly name: string;
  readonly process: ProcessIdentity;
  /** Its child processes. */
  readonly slots: number;
}

/** What a worker reports while it lives. */
export interface WorkerReport {
  /** Another number each time. */
  readonly beat: number;
  /** Images done since it began. */
  readonly images: number;
  /** Runs that it works on. */
  readonly takes: readonly string[];
  /** Runs that it cannot work on, and why. */
  readonly refuses: readonly { readonly run: string; readonly reason: string }[];
}

const text = { type: 'string' } as const;
const count = { type: 'integer', minimum: 0 } as const;

const card: JsonContract = {
  schema: objectSchema({
    version: { const: 1 },
    name: text,
    process: objectSchema({ pid: count, host: text, started: text }),
    slots: { type: 'integer', minimum: 1 },
  }),
  what: 'a worker',
  next: 'use the same version of retinabench on all machines',
  ErrorClass: DatasetError,
};
const report: JsonContract = {
  schema: objectSchema({
    beat: count,
    images: count,
    takes: { type: 'array', items: text },
    refuses: { type: 'array', items: objectSchema({ run: text, reason: text }) },
  }),
  what: 'the report of a worker',
  next: card.next,
  ErrorClass: DatasetError,
};

/** @throws {DatasetError} naming `place` and the field. */
export function parseWorkerCard(value: unknown, place: string): WorkerCard {
  return checkJson<WorkerCard>(value, place, card);
}

/** @throws {DatasetError} naming `place` and the field. */
export function parseWorkerReport(value: unknown, place: string): WorkerReport {
  return checkJson<WorkerReport>(value, place, report);
}
