import type { JsonSchema } from '@retinabench/core';
import { longestText, mostEntries } from './limits.js';

/** Text of others, of a length that nobody minds. */
export const boundedText = { type: 'string', maxLength: longestText } as const satisfies JsonSchema;

/** A number of things, which addition keeps exact. */
export const boundedCount = {
  type: 'integer',
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
} as const satisfies JsonSchema;

/** A list of others, of a length that nobody minds. */
export function boundedList(items: JsonSchema): JsonSchema {
  return { type: 'array', maxItems: mostEntries, items };
}
