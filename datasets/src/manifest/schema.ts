import type { JsonSchema } from '@retinabench/core';

const text: JsonSchema = { type: 'string', minLength: 1 };
const count: JsonSchema = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
/** A path below a root: parts of letters, digits and `. _ -`, none of them only dots. */
const relativePath: JsonSchema = {
  type: 'string',
  pattern: '^(?!\\.+(/|$))[\\w.-]+(/(?!\\.+(/|$))[\\w.-]+)*/?$',
};
const plainName: JsonSchema = { type: 'string', pattern: '^[\\w-][\\w.-]*$' };

function record(properties: Record<string, JsonSchema>, optional: readonly string[] = []): JsonSchema {
  const required = Object.keys(properties).filter((key) => !optional.includes(key));
  return { type: 'object', properties, required, additionalProperties: false };
}

function list(items: JsonSchema, maxItems = 1000): JsonSchema {
  return { type: 'array', items, maxItems };
}

const unpack = record({
  format: { type: 'string', enum: ['zip', 'tar.gz'] },
  rules: list(record({ from: relativePath, to: relativePath })),
  largestBytes: count,
  largestEntries: count,
});

const file = record(
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

const arrangedPart = record({
  from: list(relativePath),
  to: relativePath,
  kind: { type: 'string', enum: ['folder', 'lines'] },
  count,
});

/** JSON Schema of a manifest. */
export const manifestSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'RetinaBench data set manifest',
  ...record(
    {
      version: { const: 1 },
      name: plainName,
      title: text,
      homepage: text,
      licence: record({ name: text, url: text, summary: text }),
      files: list(file),
      unpackedBytes: count,
      derive: { type: 'string', enum: ['lfw-pairs'] },
      gate: record({ steps: list(text), arrange: list(arrangedPart) }),
      expected: record({ imageFolder: relativePath, images: count, files: list(relativePath) }),
    },
    ['derive', 'gate'],
  ),
};
