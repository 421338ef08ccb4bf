import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cardFieldReference } from '../../src/card/field-reference.js';
import { cardSchema } from '../../src/card/schema.js';

const read = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');
const write = 'run packages/models/tools/write-card-reference.mjs after a build, and format with Biome';

test('card.schema.json of the package is the schema that cards are held against', () => {
  expect(JSON.parse(read('../../card.schema.json')), write).toEqual(JSON.parse(JSON.stringify(cardSchema)));
});

test('docs/card-fields.md lists the fields of the schema, each with its meaning', () => {
  expect(read('../../../../docs/card-fields.md'), write).toBe(cardFieldReference());
  expect(cardFieldReference()).toMatch(/\| \[`input\.type`\] \| `float32`, `float16`, `uint8` \| Element type/);
  expect(cardFieldReference()).toMatch(/`decoder\.boxes\.values` \| string \| What the four values are.*\(composed\)/);
});
