import { type JsonSchema, objectSchema, objectSchemaWithOptional } from '@retinabench/core/basics';
import type { Interval } from './interval.js';

/**
 * A configuration of a bench against the first one of its size: how many times as long a detection takes, by rounds in
 * which both ran.
 */
export interface RatioToFirst {
  /** What is divided by. */
  readonly first: {
    readonly model: string;
    readonly backend: string;
    readonly threads: number;
    readonly batch?: number;
  };
  /** The stage of `latencyMs` that it is of; absent: `total`. */
  readonly of?: 'perImage';
  /** Hodges-Lehmann estimate of the ratio of the medians of a round; `pairedRatio`. */
  readonly ratio: number;
  /** 95 %; absent where there are fewer than six rounds. */
  readonly interval?: Interval;
  /** Medians of the first in each round, ms; those of this configuration are `roundMedians` of its stage. */
  readonly firstRoundMedians: readonly number[];
  /** Place among all configurations of the size, 1 the fastest; absent where it cannot be told apart from another. */
  readonly rank?: number;
  /** Configurations that were ranked, this one included. */
  readonly among: number;
}

const positive = { type: 'number', exclusiveMinimum: 0 } as const satisfies JsonSchema;

/** `RatioToFirst` as JSON Schema. */
export const ratioToFirstSchema = objectSchema(
  {
    first: objectSchemaWithOptional(
      {
        model: { type: 'string', minLength: 1 },
        backend: { type: 'string', minLength: 1 },
        threads: { type: 'integer', minimum: 1 },
        batch: { type: 'integer', minimum: 1 },
      },
      ['batch'],
    ),
    of: { type: 'string', const: 'perImage' },
    ratio: positive,
    interval: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 },
    firstRoundMedians: { type: 'array', items: positive, minItems: 1 },
    rank: { type: 'integer', minimum: 1 },
    among: { type: 'integer', minimum: 2 },
  },
  ['first', 'ratio', 'firstRoundMedians', 'among'],
);
