import { type JsonSchema, objectSchema, objectSchemaWithOptional } from '@retinabench/core';

const text = { type: 'string', minLength: 1 } as const satisfies JsonSchema;
const count = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const satisfies JsonSchema;
/** A path below a root: parts of letters, digits and `. _ -`, none of them only dots. */
const relativePath = {
  type: 'string',
  pattern: '^(?!\\.+(/|$))[\\w.-]+(/(?!\\.+(/|$))[\\w.-]+)*/?$',
} as const satisfies JsonSchema;
const plainName = { type: 'string', pattern: '^[\\w-][\\w.-]*$' } as const satisfies JsonSchema;

function list<const Item extends JsonSchema>(items: Item, maxItems = 1000) {
  return { type: 'array', items, maxItems } as const;
}

const unpack = objectSchema({
  format: { type: 'string', enum: ['zip', 'tar.gz'] },
  rules: list(objectSchema({ from: relativePath, to: relativePath })),
  largestBytes: count,
  largestEntries: count,
});

const file = objectSchemaWithOptional(
  {
    name: plainName,
    urls: list({ type: 'string', pattern: '^(https?|file)://' }),
    sizeBytes: count,
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
    unpack,
    place: relativePath,
  },
  ['sizeBytes', 'sha256', 'unpack', 'place'],
);

const arrangedPart = objectSchema({
  from: list(relativePath),
  to: relativePath,
  kind: { type: 'string', enum: ['folder', 'lines'] },
  count,
});

/** JSON Schema of a manifest. */
export const manifestSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'RetinaBench data set manifest',
  ...objectSchemaWithOptional(
    {
      version: { const: 1 },
      name: plainName,
      title: text,
      homepage: text,
      licence: objectSchema({ name: text, url: text, summary: text }),
      files: list(file),
      unpackedBytes: count,
      derive: { type: 'string', enum: ['lfw-pairs'] },
      gate: objectSchema({ steps: list(text), arrange: list(arrangedPart) }),
      expected: objectSchema({ imageFolder: relativePath, images: count, files: list(relativePath) }),
    },
    ['derive', 'gate'],
  ),
} as const satisfies JsonSchema;
