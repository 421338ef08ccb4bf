import type { JsonSchema } from '@retinabench/core';

/** A share. */
export const fraction = { type: 'number', minimum: 0, maximum: 1 } as const satisfies JsonSchema;
export const finite = { type: 'number' } as const satisfies JsonSchema;
export const atLeastZero = { type: 'number', minimum: 0 } as const satisfies JsonSchema;
export const count = { type: 'integer', minimum: 0 } as const satisfies JsonSchema;
export const text = { type: 'string', minLength: 1 } as const satisfies JsonSchema;
export const sha256 = { type: 'string', pattern: '^[0-9a-f]{64}$' } as const satisfies JsonSchema;
/** A 95 % interval. */
export const interval = { type: 'array', items: finite, minItems: 2, maxItems: 2 } as const satisfies JsonSchema;

/** Values by any names. */
export function mapOf<const Values extends JsonSchema>(additionalProperties: Values) {
  return { type: 'object', additionalProperties } as const;
}
