import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { recordSchema } from '../../../results/src/index.js';
import { validRecord } from '../../../results/test/support/valid-record.js';
import { describeViolations, type JsonSchema, objectSchema, seededRandom, validateJson } from '../../src/index.js';

const paths = (schema: JsonSchema, value: unknown): string[] => validateJson(schema, value).map(({ path }) => path);

describe('validateJson', () => {
  test('names each place that disagrees, with what was expected and found', () => {
    const schema: JsonSchema = {
      type: 'object',
      properties: {
        ap: { type: 'object', properties: { hard: { type: 'number', maximum: 1 } } },
        id: { type: 'string' },
      },
      required: ['id'],
      additionalProperties: false,
    };
    expect(validateJson(schema, { ap: { hard: 73.8 }, extra: [1, 2] })).toEqual([
      { path: 'id', expected: 'a value', actual: 'nothing' },
      { path: 'ap.hard', expected: 'at most 1', actual: '73.8' },
      { path: 'extra', expected: 'no such property', actual: 'an array of 2', known: ['ap', 'id'] },
    ]);
  });

  test.each<[string, JsonSchema, unknown, boolean]>([
    ['an integer is a number', { type: 'number' }, 3, true],
    ['a fraction is no integer', { type: 'integer' }, 3.5, false],
    ['null is no object', { type: 'object' }, null, false],
    ['an array is no object', { type: 'object' }, [], false],
    ['a bound is inclusive', { type: 'number', minimum: 0, maximum: 1 }, 1, true],
    ['an exclusive bound is not', { type: 'number', exclusiveMinimum: 0 }, 0, false],
    ['length counts characters, not code units', { type: 'string', minLength: 2 }, '😀', false],
    ['a pattern need not match all', { type: 'string', pattern: 'b' }, 'abc', true],
    ['exactly one alternative', { oneOf: [{ type: 'number' }, { type: 'integer' }] }, 3, false],
    ['a constant', { const: 1 }, 2, false],
    [
      'an own property of an odd name',
      { type: 'object', additionalProperties: false },
      JSON.parse('{"__proto__": 1}'),
      false,
    ],
  ])('%s', (_, schema, value, valid) => {
    expect(validateJson(schema, value).length === 0).toBe(valid);
  });

  test('numbers the items of an array', () => {
    expect(paths({ type: 'array', items: { type: 'array', items: { type: 'number' } } }, [[1], [2, 'x']])).toEqual([
      '[1][1]',
    ]);
  });

  test('refuses text that is longer than maxLength, and takes what is as long', () => {
    const schema = { type: 'string', maxLength: 3, pattern: '^a*$' } as const;
    expect(validateJson(schema, 'aaa')).toEqual([]);
    expect(describeViolations(validateJson(schema, 'bbbb'))).toBe(
      'the value: expected at most 3 characters, got "bbbb"',
    );
  });

  test('refuses NaN and infinity, which JSON cannot hold', () => {
    expect(paths({ type: 'number' }, Number.NaN)).toEqual(['']);
    expect(paths({ type: 'number' }, Number.POSITIVE_INFINITY)).toEqual(['']);
  });

  test('describes five violations and counts the rest', () => {
    const violations = validateJson({ type: 'array', items: { type: 'number' } }, Array<string>(7).fill('a'));
    expect(describeViolations(violations)).toMatch(/^\[0\]: expected number, got "a"; .*; and 2 more$/);
  });

  test('agrees with ajv on 3,000 mutations of a record', () => {
    const ajv = new Ajv2020({ strict: false }).compile(recordSchema);
    expect(ajv(validRecord)).toBe(true);
    expect(validateJson(recordSchema, validRecord)).toEqual([]);
    const random = seededRandom(10);
    let rejected = 0;
    for (let round = 0; round < 3000; round++) {
      const value: unknown = JSON.parse(JSON.stringify(validRecord));
      for (let edits = 1 + Math.floor(random() * 2); edits > 0; edits--) mutate(value as object, random);
      const valid = ajv(value);
      if (!valid) rejected++;
      expect(validateJson(recordSchema, value).length === 0, JSON.stringify(value)).toBe(valid);
    }
    // Both verdicts occur, so that agreement says something.
    expect(rejected).toBeGreaterThan(500);
    expect(rejected).toBeLessThan(2900);
  });
});

describe('validateJson on alternatives told apart by a constant', () => {
  const cat: JsonSchema = objectSchema({ kind: { const: 'cat' }, lives: { type: 'integer' } });
  const dog: JsonSchema = objectSchema({
    kind: { const: 'dog' },
    tricks: { type: 'integer' },
    age: { type: 'integer' },
  });

  test('holds a value against the alternative that it names, however far from it', () => {
    expect(describeViolations(validateJson({ oneOf: [cat, dog] }, { kind: 'dog', lives: 9 }))).toBe(
      'tricks: expected a value, got nothing; age: expected a value, got nothing; lives: expected no such property, got 9 (there are kind, tricks, age)',
    );
  });

  test('lists the alternatives where it names none of them', () => {
    expect(describeViolations(validateJson({ oneOf: [cat, dog] }, { kind: 'cow' }))).toBe(
      'kind: expected one of "cat", "dog", got "cow"',
    );
  });
});

describe('validateJson on values of any size', () => {
  test('reports a million faults in an alternative of oneOf', () => {
    const schema: JsonSchema = { oneOf: [{ type: 'array', items: { type: 'string' } }] };
    expect(validateJson(schema, new Array(1_000_000).fill(1)).length).toBe(1_000_000);
  });

  test('describes a fault under a key of a million characters in a short line', () => {
    const violations = validateJson({ additionalProperties: false }, { ['k'.repeat(1_000_000)]: 1 });
    expect(describeViolations(violations)).toMatch(/^k{117}\.\.\.: expected no such property, got 1$/);
  });

  test('describes a value nested a million deep by its kind alone', () => {
    const deep: unknown = JSON.parse('['.repeat(1_000_000) + ']'.repeat(1_000_000));
    expect(describeViolations(validateJson({ type: 'string' }, deep))).toBe(
      'the value: expected string, got an array of 1',
    );
  });
});

const replacements: readonly unknown[] = [null, true, -1, 0, 0.5, 2, 1e9, '', 'text', [], [1], [1, 2], {}, { a: 1 }];

/** Replace, delete, rename or add one property or item somewhere below `root`. */
function mutate(root: object, random: () => number): void {
  let node: Record<string, unknown> = root as Record<string, unknown>;
  for (;;) {
    const keys = Object.keys(node);
    const key = keys[Math.floor(random() * keys.length)];
    const child = key === undefined ? undefined : node[key];
    if (typeof child === 'object' && child !== null && random() < 0.7) {
      node = child as Record<string, unknown>;
      continue;
    }
    const action = random();
    if (key === undefined || action < 0.2) node[`added${Math.floor(random() * 9)}`] = 1;
    else if (action < 0.4 && !Array.isArray(node)) delete node[key];
    else node[key] = replacements[Math.floor(random() * replacements.length)];
    return;
  }
}
