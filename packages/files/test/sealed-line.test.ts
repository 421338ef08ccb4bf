import { describe, expect, test } from 'vitest';
import { breakSeal, sealLine, withoutSeal } from '../src/sealed-line.js';

// printf 'run\n{"a":1}' | sha256sum: a763cae42e68e3dd...
const sealed = '{"a":1,"seal":"a763cae42e68e3dd"}';

describe('sealLine(json, owner), breakSeal(line, owner, place)', () => {
  test('the seal is the hash of owner and content', () => {
    expect(sealLine('{"a":1}', 'run')).toBe(sealed);
    expect(breakSeal(sealed, 'run', 'log:1')).toBe('{"a":1}');
  });

  test('content that holds what looks like a seal is content', () => {
    const json = '{"a":",\\"seal\\":\\"0123456789abcdef\\"}","seal":"0123456789abcdef"}';
    expect(breakSeal(sealLine(json, 'run'), 'run', 'log:1')).toBe(json);
  });

  test.each([
    ['an edited line', sealed.replace('1', '2'), 'run', 'edited'],
    ['the line of another run', sealed, 'other', 'brought from another run'],
    ['a line without a seal', '{"a":1}', 'run', 'without a seal'],
  ])('refuses %s, naming the place', (_, line, owner, why) => {
    expect(() => breakSeal(line, owner, 'log:7')).toThrow(why);
    expect(() => breakSeal(line, owner, 'log:7')).toThrow(/^log:7: .*--fresh$/);
  });

  test('withoutSeal takes a seal off whatever it says', () => {
    expect(withoutSeal('{"a":1,"seal":"0000000000000000"}')).toBe('{"a":1}');
    expect(withoutSeal('{"a":1}')).toBe('{"a":1}');
  });
});
