import { type JsonSchema, objectSchema } from '@retinabench/core/basics';

/** What other programs took of the processors while times were measured. */
export interface LoadOfOthers {
  /** By round, or one of a run that has none: share of the processors, 0..1; what a hypervisor took for others counts. */
  readonly shares: readonly number[];
  /** A round in which others took more than this share is disturbed. */
  readonly limit: number;
  /** Rounds that were disturbed. */
  readonly disturbed: number;
}

const share = { type: 'number', minimum: 0, maximum: 1 } as const satisfies JsonSchema;

/** `LoadOfOthers` as JSON Schema. */
export const loadOfOthersSchema = objectSchema({
  shares: { type: 'array', items: share, minItems: 1 },
  limit: share,
  disturbed: { type: 'integer', minimum: 0 },
});
