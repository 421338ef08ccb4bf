import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { cardDigest } from '../../src/node.js';
import { publishedModels } from '../../src/zoo/published-models.js';

const { card } = publishedModels[0];

test('cardDigest is the SHA-256 of the card with sorted keys, whatever their order was', () => {
  const turned = Object.fromEntries(Object.entries(card).reverse()) as typeof card;
  expect(cardDigest(turned)).toBe(cardDigest(card));
  const tiny = { b: 1, a: [2] } as unknown as typeof card;
  expect(cardDigest(tiny)).toBe(createHash('sha256').update('{"a":[2],"b":1}').digest('hex'));
});

test('cardDigest changes with every field of a card, and with one that it does not know', () => {
  for (const key of Object.keys(card)) {
    const { [key as keyof typeof card]: _, ...rest } = card;
    expect(cardDigest(rest as typeof card), key).not.toBe(cardDigest(card));
  }
  expect(cardDigest({ ...card, later: 1 } as typeof card)).not.toBe(cardDigest(card));
});
