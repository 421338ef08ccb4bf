import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AllocationCounter } from '../../../../tools/fuzz/allocation-counter.js';
import { fuzzParser } from '../../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../../tools/fuzz/fuzz-runs.js';
import { mutatedBytes } from '../../../../tools/fuzz/mutated-bytes.js';
import { mutatedJson } from '../../../../tools/fuzz/mutated-json.js';
import { ModelError } from '../../src/errors.js';
import { readSafetensors } from '../../src/safetensors/read.js';
import { writeSafetensors } from '../../src/safetensors/write.js';

const place = 'a.safetensors';
const read = (bytes: Uint8Array): unknown => readSafetensors(bytes, place);

/** One file of every element type, one of nothing but metadata. */
const valid = [
  writeSafetensors({
    tensors: new Map([
      ['wide', { format: 'F64', shape: [1, 2], data: Float64Array.of(1, 2) }],
      ['plain', { format: 'F32', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
      ['half', { format: 'F16', shape: [3], data: Float32Array.of(1, 2, 3) }],
      ['index', { format: 'U32', shape: [2], data: Uint32Array.of(7, 9) }],
      ['signed', { format: 'I32', shape: [], data: Int32Array.of(-5) }],
      ['bytes', { format: 'U8', shape: [5], data: Uint8Array.of(1, 2, 3, 4, 5) }],
    ]),
    metadata: { levels: '2' },
  }),
  writeSafetensors({ tensors: new Map(), metadata: { k: 'v' } }),
];

function withHeader(header: string, dataBytes: number): Uint8Array {
  const json = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

describe('readSafetensors under fuzzing', () => {
  it('gives tensors or ModelError for mutated files', async () => {
    await fuzzParser({
      name: 'safetensors, bytes',
      inputs: mutatedBytes(valid),
      parse: read,
      errors: [ModelError],
      place,
      seed: 101,
      runs: fuzzRuns(),
    });
  });

  it('gives tensors or ModelError for headers of the right form with hostile values', async () => {
    const entry = {
      a: { dtype: 'F32', shape: [2, 1], data_offsets: [0, 8] },
      b: { dtype: 'U8', shape: [4], data_offsets: [8, 12] },
      __metadata__: { k: 'v' },
    };
    await fuzzParser({
      name: 'safetensors, headers',
      inputs: fc
        .tuple(mutatedJson([entry]), fc.constantFrom(12, 0, 8, 100))
        .map(([json, data]) => withHeader(json, data)),
      parse: read,
      errors: [ModelError],
      place,
      seed: 102,
      runs: fuzzRuns(),
    });
  });

  it.each([
    ['shape [2^40]', '{"a":{"dtype":"F32","shape":[1099511627776],"data_offsets":[0,8]}}'],
    ['shape and offsets of 4 GiB', '{"a":{"dtype":"U8","shape":[4294967296],"data_offsets":[0,4294967296]}}'],
    ['a product of 2^424', `{"a":{"dtype":"U8","shape":[${Array(8).fill(2 ** 53 - 1)}],"data_offsets":[0,8]}}`],
    ['2^40 times nothing, at the end', '{"a":{"dtype":"U8","shape":[1099511627776,0],"data_offsets":[8,8]}}'],
  ])('asks for less than 64 KiB where 100 bytes claim %s', (_, header) => {
    const counter = new AllocationCounter();
    const bytes = withHeader(header, 8);
    counter.start();
    try {
      expect(() => readSafetensors(bytes, place)).toThrow(ModelError);
    } finally {
      counter.stop();
    }
    expect(counter.bytes).toBeLessThan(65_536);
  });
});
