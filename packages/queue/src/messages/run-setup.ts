import { checkJson, DatasetError, type JsonContract, objectSchema, objectSchemaWithOptional } from '@retinabench/core';
import { boundedList, boundedText } from './bounded.js';
import { mostBlobBytes, mostLockMs, mostMs } from './limits.js';
import { claimSchema, type RunClaim } from './run-claim.js';
import { conditionsSchema, type WorkerConditions } from './worker-conditions.js';

/** A model that workers need, by the hash of the bytes that they load. */
export interface SetupModel {
  readonly id: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** Where workers fetch models and images by their hash; absent where they must have them. */
export interface BlobSource {
  /** `http://host:port`. */
  readonly url: string;
  readonly token: string;
}

/** What a worker must know of a run before it takes work of it. No path of the coordinator's, and no code, is in it. */
export interface RunSetup {
  readonly version: 1;
  /** Of the run's identity: `runId`. */
  readonly run: string;
  /** What is done: `detect`, `extract`. */
  readonly kind: string;
  /** For people. */
  readonly title: string;
  readonly claim: RunClaim;
  /** What a worker must be to give the results of the coordinator. */
  readonly conditions: WorkerConditions;
  /** In what a worker may differ. */
  readonly allow: readonly string[];
  readonly lockMs: number;
  readonly taskLimitMs?: number;
  readonly models: readonly SetupModel[];
  readonly source?: BlobSource;
  /** Of the kind. */
  readonly details: Readonly<Record<string, unknown>>;
}

const hash = { type: 'string', pattern: '^[0-9a-f]{64}$' } as const;

const contract: JsonContract = {
  schema: objectSchemaWithOptional(
    {
      version: { const: 1 },
      run: { type: 'string', pattern: '^[0-9a-f]{12}$' },
      kind: { type: 'string', pattern: '^[a-z-]{1,40}$' },
      title: boundedText,
      claim: claimSchema,
      conditions: conditionsSchema,
      allow: boundedList(boundedText),
      lockMs: { type: 'integer', minimum: 1, maximum: mostLockMs },
      taskLimitMs: { type: 'number', exclusiveMinimum: 0, maximum: mostMs },
      models: boundedList(
        objectSchema({
          id: boundedText,
          sha256: hash,
          bytes: { type: 'integer', minimum: 0, maximum: mostBlobBytes },
        }),
      ),
      source: objectSchema({ url: { ...boundedText, pattern: '^https?://[^/]+$' }, token: boundedText }),
      details: { type: 'object', additionalProperties: true },
    },
    ['taskLimitMs', 'source'],
  ),
  what: 'a run that this version can work on',
  next: 'use the same version of retinabench on all machines',
  ErrorClass: DatasetError,
};

/**
 * Assert that what lies in a queue is the setup of a run.
 *
 * @throws {DatasetError} naming `place` and the field.
 */
export function parseRunSetup(value: unknown, place: string): RunSetup {
  return checkJson<RunSetup>(value, place, contract);
}
