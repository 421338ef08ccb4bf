import { expect, test } from 'vitest';
import { architectureIds, findArchitecture, formatCard, type ModelCard, parseCard } from '../../src/index.js';
import { publishedModels } from '../../src/zoo/published-models.js';

const cards: ModelCard[] = [
  ...publishedModels.map(({ card }) => card),
  ...architectureIds.map(
    (id): ModelCard => ({ schemaVersion: 1, ...findArchitecture(id).card, sha256: '0'.repeat(64), parameters: 1 }),
  ),
];

test('formatCard writes what parseCard reads, whatever a title holds', () => {
  for (const card of cards) expect(parseCard(formatCard(card), 'card')).toEqual(card);
  const odd = { ...cards[0], title: 'a [b,\n  1,\n  2] "c" \\[ ] {' };
  expect(parseCard(formatCard(odd), 'card')).toEqual(odd);
});

test('formatCard writes a list of numbers on one line', () => {
  const retinaface = cards.find(({ decoder }) => decoder?.kind === 'retinaface')!;
  expect(formatCard(retinaface)).toContain('"variances": [0.1, 0.2]');
});
