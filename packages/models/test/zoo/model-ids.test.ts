import { expect, test } from 'vitest';
import { architectureIds, catalogue } from '../../src/index.js';
import { fetchedModelIds } from '../../src/settings.js';

function idsOf(origins: readonly string[]): string[] {
  return [...catalogue.values()].filter(({ origin }) => origins.includes(origin)).map(({ card }) => card.id);
}

test('the ids that help texts name are those of the catalogue, in its order', () => {
  expect(architectureIds).toEqual(idsOf(['checkpoint', 'random']));
  expect(fetchedModelIds).toEqual(idsOf(['checkpoint', 'published']));
});
