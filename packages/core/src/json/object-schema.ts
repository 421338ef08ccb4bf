import type { JsonSchema } from './schema.js';

/** The schema of an object that has these properties, of which `Required` must be there, and no others. */
export interface ObjectSchema<
  Properties extends Readonly<Record<string, JsonSchema>>,
  Required extends readonly string[],
> {
  readonly type: 'object';
  readonly properties: Properties;
  readonly required: Required;
  readonly additionalProperties: false;
}

/**
 * The schema of an object that has no properties but these. Its type keeps them, so that a test can hold it against the
 * TypeScript type that it describes.
 *
 * @param required names of those that it must have; default: all.
 */
export function objectSchema<
  const Properties extends Readonly<Record<string, JsonSchema>>,
  const Required extends readonly string[] = readonly (keyof Properties & string)[],
>(
  properties: Properties,
  required: Required = Object.keys(properties) as readonly string[] as Required,
): ObjectSchema<Properties, Required> {
  return { type: 'object', properties, required, additionalProperties: false };
}

/** The schema of an object that has no properties but these and must have all but those named in `optional`. */
export function objectSchemaWithOptional<
  const Properties extends Readonly<Record<string, JsonSchema>>,
  const Optional extends readonly (keyof Properties & string)[],
>(
  properties: Properties,
  optional: Optional,
): ObjectSchema<Properties, readonly Exclude<keyof Properties & string, Optional[number]>[]> {
  type Required = Exclude<keyof Properties & string, Optional[number]>;
  const isRequired = (name: string): name is Required => !optional.includes(name);
  return objectSchema(properties, Object.keys(properties).filter(isRequired));
}
