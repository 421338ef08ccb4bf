import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { cardSchema } from '../../src/card/schema.js';
import { architectureIds, assertCard, findArchitecture, type ModelCard, parseCard } from '../../src/index.js';
import { publishedModels } from '../../src/zoo/published-models.js';

const scrfd = publishedModels.find(({ card }) => card.id === 'scrfd-500m')!.card;
const builtIn: ModelCard[] = [
  ...publishedModels.map(({ card }) => card),
  ...architectureIds.map(
    (id): ModelCard => ({ schemaVersion: 1, ...findArchitecture(id).card, sha256: 'a'.repeat(64), parameters: 1 }),
  ),
];

test.each(builtIn.map((card) => [card.id, card] as const))('the card of %s is valid, here and by ajv', (_, card) => {
  expect(assertCard(card, 'card')).toBe(card);
  const validate = new Ajv2020({ strict: false }).compile(cardSchema);
  expect(validate(JSON.parse(JSON.stringify(card)))).toBe(true);
});

test('parseCard names the file and the missing field', () => {
  const { sha256: _, ...rest } = scrfd;
  expect(() => parseCard(JSON.stringify(rest), 'm.card.json')).toThrow(
    /^m\.card\.json: not a model card: sha256: expected a value, got nothing/,
  );
});

test('parseCard names a misspelt field and what it expected of a wrong one', () => {
  const card = { ...scrfd, licence: 3, lisence: 'MIT' };
  expect(() => parseCard(JSON.stringify(card), 'm')).toThrow(
    /licence: expected string, got 3; lisence: expected no such property/,
  );
});

test('parseCard wants a decoder of a detector and an output of an embedder', () => {
  const { decoder: _, ...detector } = scrfd;
  expect(() => parseCard(JSON.stringify(detector), 'm')).toThrow(
    /decoder: expected a value for a model of face-detection/,
  );
  expect(() => parseCard(JSON.stringify({ ...scrfd, task: 'face-embedding' }), 'm')).toThrow(
    /output: expected a value/,
  );
});

test('parseCard says where the text stops being JSON', () => {
  expect(() => parseCard('{"schemaVersion": 1,', 'm.card.json')).toThrow(
    /m\.card\.json: expected a model card as JSON.* correct the card$/,
  );
});
