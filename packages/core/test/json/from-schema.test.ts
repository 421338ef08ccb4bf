import { describe, expectTypeOf, test } from 'vitest';
import { objectSchema } from '../../src/json/object-schema.js';
import type { FromSchema, Plain } from '../support/from-schema.js';

const text = { type: 'string' } as const;
const point = objectSchema({ x: { type: 'number' }, name: text }, ['x']);

/** The compiler holds these: `npm run typecheck` fails where they do not agree. */
describe('the type of a schema', () => {
  test('has the required properties and the optional ones', () => {
    expectTypeOf<Plain<FromSchema<typeof point>>>().toEqualTypeOf<{ readonly x: number; readonly name?: string }>();
    expectTypeOf<Plain<FromSchema<typeof point>>>().not.toEqualTypeOf<{ readonly x: number }>();
    expectTypeOf<Plain<FromSchema<typeof point>>>().not.toEqualTypeOf<{ readonly x: number; readonly name: string }>();
  });

  test('is a tuple where the number of items is fixed, else a list', () => {
    type Pair = FromSchema<{ type: 'array'; items: { type: 'number' }; minItems: 2; maxItems: 2 }>;
    expectTypeOf<Pair>().toEqualTypeOf<readonly [number, number]>();
    expectTypeOf<FromSchema<{ type: 'array'; items: { type: 'number' }; minItems: 2 }>>().toEqualTypeOf<
      readonly number[]
    >();
  });

  test('is the union of the alternatives, options or the constant', () => {
    type Options = FromSchema<{ oneOf: readonly [{ const: 1 }, { enum: readonly ['a', 'b'] }, { type: 'boolean' }] }>;
    expectTypeOf<Options>().toEqualTypeOf<1 | 'a' | 'b' | boolean>();
  });
});
