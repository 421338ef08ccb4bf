import type { JsonSchema } from '@retinabench/core';
import { objectSchema } from '@retinabench/core/basics';
import { finite, interval, mapOf, text } from './schema-parts.js';

/** `MatrixResult` as JSON Schema. */
export const matrixSchema = {
  type: 'array',
  minItems: 1,
  items: objectSchema(
    {
      model: text,
      backend: text,
      scale: text,
      perturb: text,
      recordSha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
      values: mapOf(finite),
      interval: mapOf(interval),
      difference: mapOf(objectSchema({ value: finite, interval }, ['value'])),
      detectMs: objectSchema({
        median: { type: 'number', minimum: 0 },
        images: { type: 'integer', minimum: 1 },
      }),
      error: text,
    },
    ['model', 'backend', 'scale'],
  ),
} as const satisfies JsonSchema;
