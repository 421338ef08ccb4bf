import { expect, test } from 'vitest';
import type { RuleOptions } from '../../src/gate/rule-family.js';
import { ruleFamilies } from '../../src/gate/rules.js';

/** Every option of the type: the compiler asks for each, and refuses others. */
const options = { min: true, max: true, maxDrop: true, maxIncrease: true, maxRise: true } satisfies Record<
  keyof Required<RuleOptions>,
  true
>;

test('the schemas of the rules have between them exactly the options of RuleOptions, each a number', () => {
  const properties = ruleFamilies.flatMap(({ optionsSchema }) => Object.entries(optionsSchema.properties ?? {}));
  expect(new Set(properties.map(([name]) => name))).toEqual(new Set(Object.keys(options)));
  expect(new Set(properties.map(([, { type }]) => type))).toEqual(new Set(['number']));
});

test.each(ruleFamilies)(
  'the options of $prefix have defaults that its schema names',
  ({ optionsSchema, defaultOptions }) => {
    expect(Object.keys(optionsSchema.properties ?? {})).toEqual(expect.arrayContaining(Object.keys(defaultOptions)));
    expect(optionsSchema.additionalProperties).toBe(false);
  },
);
