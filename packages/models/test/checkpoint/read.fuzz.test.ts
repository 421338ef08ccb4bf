import { ModelError } from '@retinabench/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AllocationCounter } from '../../../../tools/fuzz/allocation-counter.js';
import { fuzzParser } from '../../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../../tools/fuzz/fuzz-runs.js';
import { mutatedBytes } from '../../../../tools/fuzz/mutated-bytes.js';
import { readCheckpoint } from '../../src/checkpoint/read.js';
import { readShared, sharedPresent } from '../shared.js';
import { global, legacyFile, tensor, unicode } from './legacy-file.js';
import { archive, whole } from './zip-file.js';

const place = 'net.pth';
const target = { parse: (bytes: Uint8Array) => readCheckpoint(bytes, place), errors: [ModelError], place } as const;
const legacy = legacyFile(tensor(6, [3, 2], [1, 3]), [1, 2, 3, 4, 5, 6]);

/** Pickle programs of the opcodes that the reader knows, in any order, and a few that it does not. */
const opcode = fc.oneof(
  fc.constantFrom([0x28], [0x30], [0x4e], [0x88], [0x89], [0x7d], [0x5d], [0x29], [0x74], [0x85], [0x86], [0x87]),
  fc.constantFrom([0x61], [0x65], [0x73], [0x75], [0x52], [0x62], [0x51], [0x2e], [0x81], [0x93], [0x69]),
  fc.nat(255).map((value) => [0x4b, value]),
  fc.nat(3).map((key) => [0x71, key]),
  fc.nat(3).map((key) => [0x68, key]),
  fc.constantFrom([0x4a, 255, 255, 255, 127], [0x4a, 0, 0, 0, 128], [0x8a, 9, 1, 2, 3, 4, 5, 6, 7, 8, 127]),
  fc.constantFrom([0x58, 255, 255, 255, 255], [0x55, 255], [0x72, 255, 255, 255, 255], [0x8a, 255]),
  fc.constantFrom('w', 'state_dict', '__proto__', 'storage').map(unicode),
  fc.constantFrom(
    global('torch._utils', '_rebuild_tensor_v2'),
    global('torch', 'FloatStorage'),
    global('collections', 'OrderedDict'),
    global('os', 'system'),
  ),
  fc.constantFrom(tensor(6, [3, 2], [2, 1]), tensor(6, [60_000, 60_000], [0, 0]), tensor(65_535, [2], [1])),
);
const program = fc.array(opcode, { maxLength: 8 }).map((parts) => parts.flat());

describe('readCheckpoint under fuzzing', () => {
  test('gives tensors or ModelError for mutated files of either format', async () => {
    const inputs = mutatedBytes([legacy, archive(whole)]);
    await fuzzParser({ ...target, name: 'PyTorch checkpoint, bytes', inputs, seed: 310, runs: fuzzRuns() });
  });

  test('gives tensors or ModelError for any program of known opcodes, legacy', async () => {
    const inputs = program.map((value) => legacyFile([...value, ...tensor(6, [3, 2], [1, 3])], [1, 2, 3, 4, 5, 6]));
    await fuzzParser({ ...target, name: 'PyTorch pickle, legacy', inputs, seed: 311, runs: fuzzRuns() });
  });

  test('gives tensors or ModelError for any program of known opcodes and any members, ZIP', async () => {
    const inputs = fc.tuple(program, program, fc.nat(3)).map(([before, after, kept]) => {
      const data = [...before, ...whole[0].data.slice(0, -1), ...after, 0x2e];
      return archive([{ name: 'net/data.pkl', data }, ...whole.slice(1, 1 + kept)]);
    });
    await fuzzParser({ ...target, name: 'PyTorch pickle, ZIP', inputs, seed: 312, runs: fuzzRuns() });
  });

  test.skipIf(!sharedPresent)(
    'gives tensors or ModelError for mutations of a real checkpoint (needs the shared data folder)',
    async () => {
      // The pickle streams are the first 34 kB, the rest is numbers.
      const inputs = mutatedBytes([readShared('models/retinaface-1mb-slim.pth')], { start: 0, end: 34_000 });
      await fuzzParser({ ...target, name: 'PyTorch checkpoint, real file', inputs, seed: 313, runs: fuzzRuns(100) });
    },
  );

  test.each([
    ['a tensor of 60,000 x 60,000', legacyFile(tensor(2, [60_000, 60_000], [0, 0]), [1, 2])],
    ['text of 4 GiB', legacyFile([0x58, 255, 255, 255, 255], [])],
    ['a storage of 2^62 elements', Uint8Array.from([...legacy.subarray(0, -32), 0, 0, 0, 0, 0, 0, 0, 64])],
    [
      'a ZIP directory of 4 GiB',
      Uint8Array.from(
        archive(whole).map((byte, at, all) => (at > all.length - 11 && at < all.length - 2 ? 255 : byte)),
      ),
    ],
  ])('asks for less than 64 KiB where a small file claims %s', (_, bytes) => {
    const counter = new AllocationCounter();
    counter.start();
    try {
      expect(() => readCheckpoint(bytes, place)).toThrow(ModelError);
    } finally {
      counter.stop();
    }
    expect(counter.bytes).toBeLessThan(65_536);
  });

  test('refuses a file that names one storage a thousand times before it takes 16 times its size', () => {
    const numbers = Array.from({ length: 2000 }, (_, index) => index);
    const view = tensor(2000, [2000], [1]);
    const entries = Array.from({ length: 1000 }, (_, index) => [0x73, ...unicode(`w${index}`), ...view]);
    const bytes = legacyFile([...view, ...entries.flat()], numbers);
    const counter = new AllocationCounter();
    counter.start();
    try {
      expect(() => readCheckpoint(bytes, place)).toThrow(/the file describes more tensors than it holds/);
    } finally {
      counter.stop();
    }
    expect(counter.bytes).toBeLessThan(16 * bytes.length);
  });

  test('quotes a tensor name of 60,000 characters in part', () => {
    const name = [0x58, 0x60, 0xea, 0, 0, ...new Array<number>(60_000).fill(0x61)];
    const bytes = legacyFile([...tensor(6, [3, 2], [1, 3]), 0x73, ...name, ...tensor(6, [9], [9])], [1, 2, 3, 4, 5, 6]);
    expect(() => readCheckpoint(bytes, place)).toThrow(/^net\.pth: tensor a{57}\.\.\.: \[9\] with strides/);
  });
});
