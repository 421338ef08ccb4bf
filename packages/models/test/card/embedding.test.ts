import { arcfacePoints, ModelError } from '@retinabench/core';
import { describe, expect, it, test } from 'vitest';
import { type CardEmbedding, type CardInput, cropPlanOf, parseCard } from '../../src/index.js';
import { publishedModels } from '../../src/zoo/published-models.js';

const fixed = (widthPx: number, heightPx = widthPx): Pick<CardInput, 'size'> => ({
  size: { rule: 'fixed', widthPx, heightPx, fit: 'stretch', padValue: 0 },
});
const any: Pick<CardInput, 'size'> = { size: { rule: 'any' } };
const plan = (input: Pick<CardInput, 'size'>, embedding?: CardEmbedding) => cropPlanOf(input, embedding, 'card');

describe('cropPlanOf(input, embedding)', () => {
  it('is ArcFace for an input of fixed sides and the square for one of any, where the card says nothing', () => {
    expect(plan(fixed(112))).toEqual({ kind: 'points', points: arcfacePoints, widthPx: 112, heightPx: 112 });
    expect(plan(any)).toEqual({ kind: 'square' });
    expect(plan(any, { flip: 'none' })).toEqual({ kind: 'square' });
  });

  it('takes the five points of the card as they are', () => {
    const points = [
      [50, 60],
      [110, 60],
      [80, 90],
      [60, 120],
      [100, 120],
    ] as const;
    expect(plan(fixed(160), { crop: { rule: 'points', points } })).toEqual({
      kind: 'points',
      points: [50, 60, 110, 60, 80, 90, 60, 120, 100, 120],
      widthPx: 160,
      heightPx: 160,
    });
  });

  it('resizes a square and a box to an input of fixed sides', () => {
    const sides = { widthPx: 160, heightPx: 160 };
    expect(plan(fixed(160), { crop: { rule: 'box', margin: 0.1 } })).toEqual({ kind: 'box', margin: 0.1, sides });
    expect(plan(fixed(160), { crop: { rule: 'square' } })).toEqual({ kind: 'square', sides });
    expect(plan(any, { crop: { rule: 'box', margin: 0.1 } })).toEqual({ kind: 'box', margin: 0.1 });
  });

  it('refuses sides of which the template has no crop, and five points without sides, saying what to do', () => {
    expect(() => plan(fixed(160))).toThrow(ModelError);
    expect(() => plan(fixed(160))).toThrow(
      /^card: embedding\.crop: crop template arcface: .* got 160 x 160; give the five points/,
    );
    expect(() => plan(any, { crop: { rule: 'template', template: 'arcface' } })).toThrow(
      /fixed sides .* got size rule any/,
    );
  });
});

const card = publishedModels.find(({ card: { id } }) => id === 'mobilefacenet-128d')!.card;
const parse = (more: object) => parseCard(JSON.stringify({ ...card, ...more }), 'm.card.json');

test('parseCard takes crop and flip of an embedder', () => {
  const embedding = { crop: { rule: 'template', template: 'arcface' }, flip: 'concat' };
  expect(parse({ embedding }).embedding).toEqual(embedding);
});

test.each([
  [{ embedding: { flip: 'sum' } }, /embedding\.flip: expected one of "add", "concat", "none", got "sum"/],
  [{ embedding: { crop: { rule: 'oval' } } }, /embedding\.crop/],
  [{ embedding: { crop: { rule: 'points', points: [[1, 2]] } } }, /embedding\.crop\.points/],
  [
    { embedding: { crop: { rule: 'template', template: 'sphereface' } } },
    /expected 96 x 112 or a multiple of it, got 112 x 112/,
  ],
  [{ embedding: {}, task: 'face-landmarks' }, /embedding: expected a model of face-embedding, got face-landmarks/],
])('parseCard refuses %j', (more, message) => {
  expect(() => parse(more)).toThrow(ModelError);
  expect(() => parse(more)).toThrow(message);
});
