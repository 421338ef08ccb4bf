import { ModelError } from '@retinabench/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCheckpoint } from '../../src/index.js';
import { readShared, sharedPresent } from '../shared.js';

const ascii = (text: string): number[] => [...text].map((character) => character.charCodeAt(0));
const unicode = (text: string): number[] => [0x58, text.length, 0, 0, 0, ...ascii(text)];
const global = (module: string, name: string): number[] => [0x63, ...ascii(`${module}\n${name}\n`)];

/** Magic number, protocol 1001 and an empty platform: what a legacy file opens with. */
const opening = [
  ...[0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e],
  ...[0x80, 0x02, 0x4d, 0xe9, 0x03, 0x2e],
  ...[0x80, 0x02, 0x7d, 0x2e],
];

/** A persistent id of a float storage: ('storage', FloatStorage, '7', 'cpu', elements, None), then BINPERSID. */
const storage = (elements: number): number[] => [
  ...[0x28, ...unicode('storage'), ...global('torch', 'FloatStorage'), ...unicode('7'), ...unicode('cpu')],
  ...[0x4d, elements & 0xff, elements >> 8, 0x4e, 0x74, 0x51],
];

/** _rebuild_tensor_v2(storage, 0, size, stride, False, OrderedDict()). */
const tensor = (elements: number, size: readonly number[], stride: readonly number[]): number[] => [
  ...global('torch._utils', '_rebuild_tensor_v2'),
  ...[0x28, ...storage(elements), 0x4b, 0x00],
  ...[0x28, ...size.flatMap((dim) => [0x4d, dim & 0xff, dim >> 8]), 0x74],
  ...[0x28, ...stride.flatMap((step) => [0x4b, step]), 0x74],
  ...[0x89, ...global('collections', 'OrderedDict'), 0x29, 0x52, 0x74, 0x52],
];

/** A legacy file whose object is {'w': <value>} and that holds these floats in storage '7'. */
const legacyFile = (value: readonly number[], floats: readonly number[]): Uint8Array => {
  const count = new Uint8Array(new BigInt64Array([BigInt(floats.length)]).buffer);
  const data = new Uint8Array(Float32Array.from(floats).buffer);
  return Uint8Array.from([
    ...[...opening, 0x80, 0x02, 0x7d, ...unicode('w'), ...value, 0x73, 0x2e],
    ...[0x80, 0x02, 0x5d, ...unicode('7'), 0x61, 0x2e, ...count, ...data],
  ]);
};

test('readCheckpoint gives a transposed tensor row-major', () => {
  // Storage 1..6 as size [3, 2], strides [1, 3]: the transpose of [[1, 2, 3], [4, 5, 6]].
  const tensors = readCheckpoint(legacyFile(tensor(6, [3, 2], [1, 3]), [1, 2, 3, 4, 5, 6]), 'file');
  expect(tensors.get('w')).toEqual({ dims: [3, 2], values: Float32Array.from([1, 4, 2, 5, 3, 6]) });
});

test('readCheckpoint names opcode and byte of an opcode that tensors do not need', () => {
  // 0x81 is NEWOBJ, which makes an object of a named class. It stands after the opening (25 bytes), PROTO and its
  // version, EMPTY_DICT and the 6 bytes of the key 'w': byte 34.
  const file = legacyFile([0x81], []);
  expect(file[34]).toBe(0x81);
  expect(() => readCheckpoint(file, 'evil.pth')).toThrow(
    expect.objectContaining({
      name: 'ModelError',
      message: expect.stringMatching(/^evil\.pth: byte 34: pickle opcode 0x81/),
    }),
  );
});

test('readCheckpoint refuses a global that tensors do not need, by name and byte, and runs nothing', () => {
  const call = [...global('os', 'system'), 0x28, ...unicode('exit'), 0x74, 0x52];
  const file = legacyFile(call, []);
  expect(() => readCheckpoint(file, 'evil.pth')).toThrow(/evil\.pth: byte 56: pickle opcode REDUCE: os\.system is not/);
});

test('readCheckpoint refuses a tensor that reaches beyond its storage before it allocates it', () => {
  const file = legacyFile(tensor(2, [60_000, 60_000], [0, 0]), [1, 2]);
  expect(() => readCheckpoint(file, 'file')).toThrow(ModelError);
});

test('readCheckpoint refuses a storage longer than the file', () => {
  const file = legacyFile(tensor(6, [6], [1]), [1, 2, 3, 4, 5, 6]);
  expect(() => readCheckpoint(file.subarray(0, file.length - 4), 'file')).toThrow(
    /expected 24 more bytes, got 20.*truncated/,
  );
});

test('readCheckpoint says what it expected when the file is no checkpoint', () => {
  expect(() => readCheckpoint(Uint8Array.from(ascii('GIF89a')), 'cat.gif')).toThrow(
    /cat\.gif: not a PyTorch checkpoint/,
  );
});

describe.skipIf(!sharedPresent)('on a real checkpoint (needs the shared data folder)', () => {
  const file = (): Uint8Array => readShared('models/retinaface-1mb-slim.pth');

  test('readCheckpoint finds every tensor of it', () => {
    const tensors = readCheckpoint(file(), 'slim');
    expect(tensors.size).toBe(198);
    expect(tensors.get('loc.3.weight')?.dims).toEqual([12, 256, 3, 3]);
  });

  test('readCheckpoint gives a typed error, or tensors, for every truncation', () => {
    const bytes = file();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (length) => {
        expect(() => readCheckpoint(bytes.subarray(0, length), 'slim')).toThrow(ModelError);
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  test('readCheckpoint gives a typed error, or tensors, whatever bytes are changed', () => {
    const bytes = file();
    // The pickle streams are the first 34 kB, the rest is numbers.
    const change = fc.record({ at: fc.integer({ min: 0, max: 34_000 }), to: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const damaged = new Uint8Array(bytes);
        for (const { at, to } of changes) damaged[at] = to;
        try {
          readCheckpoint(damaged, 'slim');
        } catch (error) {
          expect(error).toBeInstanceOf(ModelError);
        }
      }),
      { seed: 2, numRuns: 300 },
    );
  });
});
