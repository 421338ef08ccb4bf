import { ModelError } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { readCheckpoint } from '../../src/checkpoint/read.js';
import { readShared, sharedPresent } from '../shared.js';
import { ascii, global, legacyFile, tensor, unicode } from './legacy-file.js';

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

test('readCheckpoint reads a tensor made by expand, whose steps of 0 repeat elements', () => {
  // torch.tensor([[1.], [2.]]).expand(2, 3) has size [2, 3] and strides [1, 0].
  const tensors = readCheckpoint(legacyFile(tensor(2, [2, 3], [1, 0]), [1, 2]), 'file');
  expect(tensors.get('w')).toEqual({ dims: [2, 3], values: Float32Array.from([1, 1, 1, 2, 2, 2]) });
  // More elements than a small file could hold.
  const wide = readCheckpoint(legacyFile(tensor(1, [200, 200], [0, 0]), [7]), 'file').get('w');
  expect(wide?.values.length).toBe(40_000);
  expect(wide?.values.every((value) => value === 7)).toBe(true);
  expect(() => readCheckpoint(legacyFile(tensor(1, [250, 250, 250, 250], [0, 0, 0, 0]), [7]), 'file')).toThrow(
    /tensor w: \[250, 250, 250, 250\] repeats elements of its storage/,
  );
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
});
