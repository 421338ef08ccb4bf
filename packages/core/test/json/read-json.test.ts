import { describe, expect, test } from 'vitest';
import {
  checkJson,
  DatasetError,
  type JsonContract,
  ModelError,
  readJson,
  readUncheckedJson,
} from '../../src/index.js';

const contract: JsonContract = {
  schema: { type: 'object', properties: { count: { type: 'integer', minimum: 0 } }, required: ['count'] },
  what: 'a count',
  next: 'count again',
  ErrorClass: DatasetError,
};

describe('readJson', () => {
  test('gives the value of text that fits', () => {
    expect(readJson<{ count: number }>('{"count": 3}', 'a.json', contract).count).toBe(3);
  });

  test('names the place, where the text stops being JSON, and the next step', () => {
    expect(() => readJson('{"count": ', 'a.json:7', contract)).toThrow(DatasetError);
    expect(() => readJson('{"count": ', 'a.json:7', contract)).toThrow(
      /^a\.json:7: expected a count as JSON, got 10 characters that do not parse \(.+\); count again$/,
    );
  });

  test('names every disagreement with the schema', () => {
    expect(() => readJson('{"count": -1}', 'a.json', contract)).toThrow(
      /^a\.json: not a count: .*count.*; count again$/,
    );
  });
});

describe('readUncheckedJson', () => {
  test('leaves the check to the caller, and refuses text that is no JSON as readJson does', () => {
    expect(readUncheckedJson('{"count": -1}', 'a.json', contract)).toEqual({ count: -1 });
    expect(() => readUncheckedJson('{', 'a.json', contract)).toThrow(
      /^a\.json: expected a count as JSON, got 1 characters that do not parse \(.+\); count again$/,
    );
  });
});

describe('checkJson', () => {
  test('throws the class of the contract', () => {
    expect(() => checkJson({}, 'a.json', { ...contract, ErrorClass: ModelError })).toThrow(ModelError);
    expect(checkJson({ count: 0 }, 'a.json', contract)).toEqual({ count: 0 });
  });
});
