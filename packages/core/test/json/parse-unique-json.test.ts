import { describe, expect, test } from 'vitest';
import { parseUniqueJson } from '../../src/index.js';

describe('parseUniqueJson', () => {
  test.each([
    '{}',
    '[]',
    '"a"',
    '0',
    '{"a":{"a":1},"b":[{"a":1},{"a":1},"a","a"]}',
    '{"a":"\\"a\\":1,","b\\\\":"{\\"a\\":1,\\"a\\":2}","c":"\\\\"}',
    '{"":1," ":2,"a,b":[1,2,{"a":[{}]}],"a":",\\"a\\":"}',
    '{"__proto__":1,"constructor":2}',
  ])('gives what JSON.parse gives of %s, in which no key appears twice', (text) => {
    expect(parseUniqueJson(text)).toEqual(JSON.parse(text));
  });

  test.each([
    ['{"ap.hard":"error","ap.hard":"off"}', '"ap.hard"', 1],
    ['{"a":1,\n"b":[{"x":{"y":1,\n"z":[{}],"y":2}}]}', '"y"', 3],
    ['{"a":[{"a":1},[]],\n\n"a":1}', '"a"', 3],
    ['{"a":1,"\\u0061":2}', '"\\u0061"', 1],
    ['{"b":"\\\\","b":"\\""}', '"b"', 1],
    ['{"__proto__":1,"__proto__":2}', '"__proto__"', 1],
    ['[{"":{},"":{}}]', '""', 1],
  ])('refuses %s', (text, key, line) => {
    expect(() => parseUniqueJson(text)).toThrow(SyntaxError);
    expect(() => parseUniqueJson(text)).toThrow(`the key ${key} appears twice in one object, again in line ${line}`);
  });

  test('refuses what is no JSON, as JSON.parse does', () => {
    for (const text of ['', '{"a":1', "{'a':1}", '{"a":1,}', 'NaN', '[Infinity]']) {
      expect(() => parseUniqueJson(text), text).toThrow(SyntaxError);
    }
  });

  test('takes nesting a hundred thousand deep', () => {
    const depth = 1e5;
    expect(() => parseUniqueJson(`${'['.repeat(depth)}{"a":1,"a":2}${']'.repeat(depth)}`)).toThrow(/"a" appears twice/);
  });
});
