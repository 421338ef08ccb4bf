import { describe, expectTypeOf, test } from 'vitest';
import type { FromSchema, Plain } from '../../../core/test/support/from-schema.js';
import type { CardDecoder, ModelCard } from '../../src/card/card.js';
import type { CardInput } from '../../src/card/card-input.js';
import type { ComposedDecoder } from '../../src/card/composed.js';
import type { composedSchema } from '../../src/card/composed-schema.js';
import type { cardSchema } from '../../src/card/schema.js';

type Card = FromSchema<typeof cardSchema>;

/** The compiler holds these: `npm run typecheck` fails where they do not agree. */
describe('the schema of a model card', () => {
  test('describes a composed decoder', () => {
    expectTypeOf<Plain<FromSchema<typeof composedSchema>>>().toEqualTypeOf<Plain<ComposedDecoder>>();
  });

  test('describes the decoders', () => {
    expectTypeOf<Plain<NonNullable<Card['decoder']>>>().toEqualTypeOf<Plain<CardDecoder>>();
  });

  test('describes the input', () => {
    expectTypeOf<Plain<Card['input']>>().toEqualTypeOf<Plain<CardInput>>();
  });

  test('describes ModelCard: the same fields, as optional, of the same types', () => {
    expectTypeOf<Plain<Card>>().toEqualTypeOf<Plain<ModelCard>>();
  });
});
