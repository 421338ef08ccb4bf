import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FuzzTarget, fuzzParser } from '../../../../tools/fuzz/fuzz-parser.js';
import { mutatedBytes } from '../../../../tools/fuzz/mutated-bytes.js';
import { mutatedJson } from '../../../../tools/fuzz/mutated-json.js';
import { mutatedText } from '../../../../tools/fuzz/mutated-text.js';
import { DatasetError } from '../../src/errors.js';

/** A parser of one byte that takes even ones, with a fault planted at 200. */
function target(fault: () => unknown): FuzzTarget<Uint8Array> {
  return {
    name: 'planted',
    inputs: fc.uint8Array({ minLength: 1, maxLength: 1 }),
    parse: ([byte]) => {
      if (byte === 200) fault();
      if (byte % 2 === 1) throw new DatasetError('file: odd');
    },
    errors: [DatasetError],
    place: 'file',
    seed: 1,
    runs: 3000,
  };
}

const throwing = (error: unknown) => () => {
  throw error;
};

describe('fuzzParser', () => {
  it('passes a parser that keeps the contract and counts what it took and refused', async () => {
    const { inputs, accepted, refused } = await fuzzParser(target(() => undefined));
    expect(inputs).toBe(3000);
    expect(accepted + refused).toBe(3000);
    expect(Math.min(accepted, refused)).toBeGreaterThan(1000);
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      'an error of another class',
      throwing(new TypeError('undefined is not a function')),
      /undefined is not a function/,
    ],
    ['a message without its file', throwing(new DatasetError('bad')), /starts with file, got 3: bad/],
    ['a message that quotes the whole file', throwing(new DatasetError(`file: ${'x'.repeat(5000)}`)), /at most 4000/],
    ['an array of 8 MiB for one byte', () => new Float64Array(2 ** 20), /asked for 8388608 bytes/],
    ['a gibibyte and more', () => new Uint8Array(2 ** 30 + 1), /1073741825 bytes were asked for at once/],
    [
      'many arrays that are large together',
      () => Array.from({ length: 40 }, () => new ArrayBuffer(2 ** 16)),
      /asked for/,
    ],
    [
      'a property of every object',
      () => Object.assign(Object.prototype, { polluted: 1 }),
      /prototype of Object was changed/,
    ],
    ['nothing thrown', throwing(undefined), /nothing was thrown/],
  ])('finds %s and names the input', async (_, fault, message) => {
    await expect(fuzzParser(target(fault))).rejects.toThrow(message);
    await expect(fuzzParser(target(fault))).rejects.toThrow(/planted: input \d+ \(seed 1, path .*base64 yA==$/s);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('fails a generator whose inputs are all refused, and leaves the constructors as they were', async () => {
    const before = Float64Array;
    const odd = { ...target(() => undefined), inputs: fc.constant(Uint8Array.of(1)) };
    await expect(fuzzParser(odd)).rejects.toThrow(/expected inputs of both kinds/);
    expect(Float64Array).toBe(before);
  });
});

describe('mutations', () => {
  it('leave the original as it is and change most inputs, of bytes, text and JSON alike', () => {
    const original = Buffer.from('0123456789');
    const sample = { seed: 2, numRuns: 500 };
    const bytes = fc.sample(mutatedBytes([original]), sample);
    expect(original.toString()).toBe('0123456789');
    expect(bytes.filter((mutated) => !original.equals(mutated)).length).toBeGreaterThan(400);
    const text = fc.sample(mutatedText(['a 1\nb 2\n']), sample);
    expect(text.filter((mutated) => mutated !== 'a 1\nb 2\n').length).toBeGreaterThan(400);
    const value = { a: [1, { b: 'x' }] };
    const json = fc.sample(mutatedJson([value]), sample);
    expect(value).toEqual({ a: [1, { b: 'x' }] });
    expect(json.some((mutated) => Object.keys(tryParse(mutated) ?? {}).includes('__proto__'))).toBe(true);
  });
});

function tryParse(json: string): object | undefined {
  try {
    return JSON.parse(json) as object;
  } catch {
    return undefined;
  }
}
