import type { JsonSchema } from './schema.js';

/**
 * The schema of an object that has no properties but these.
 *
 * @param required names of those that it must have; default: all.
 */
export function objectSchema(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = Object.keys(properties),
): JsonSchema {
  return { type: 'object', properties, required, additionalProperties: false };
}
