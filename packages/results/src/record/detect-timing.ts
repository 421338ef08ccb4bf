import { type JsonSchema, objectSchemaWithOptional } from '@retinabench/core/basics';

/** How `latencyMs.detect` was measured: while the images were evaluated, not by a bench. */
export interface DetectTiming {
  /** Worker processes that detected at once; a time grows with them, for they share memory and processors. */
  readonly workers: number;
  /** Images with a time, those of earlier runs included. */
  readonly images: number;
  /** Of these, images whose times an earlier run took, under a load that nobody knows; absent: none. */
  readonly earlier?: number;
}

const atLeastOne = { type: 'integer', minimum: 1 } as const satisfies JsonSchema;

/** `DetectTiming` as JSON Schema. */
export const detectTimingSchema = objectSchemaWithOptional(
  { workers: atLeastOne, images: atLeastOne, earlier: atLeastOne },
  ['earlier'],
);
