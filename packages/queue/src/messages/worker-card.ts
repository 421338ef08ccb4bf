import { checkJson, DatasetError, type JsonContract, objectSchema } from '@retinabench/core';
import type { ProcessIdentity } from '@retinabench/files';
import { boundedCount, boundedList, boundedText } from './bounded.js';
import { mostSlots } from './limits.js';

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

const card: JsonContract = {
  schema: objectSchema({
    version: { const: 1 },
    name: boundedText,
    process: objectSchema({ pid: boundedCount, host: boundedText, started: boundedText }),
    slots: { type: 'integer', minimum: 1, maximum: mostSlots },
  }),
  what: 'a worker',
  next: 'use the same version of retinabench on all machines',
  ErrorClass: DatasetError,
};
const report: JsonContract = {
  schema: objectSchema({
    beat: boundedCount,
    images: boundedCount,
    takes: boundedList(boundedText),
    refuses: boundedList(objectSchema({ run: boundedText, reason: boundedText })),
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
