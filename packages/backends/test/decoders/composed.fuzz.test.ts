import { BackendError, ModelError, ShapeError } from '@retinabench/core';
import type { ComposedDecoder } from '@retinabench/models';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fuzzParser } from '../../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../../tools/fuzz/fuzz-runs.js';
import { Candidates } from '../../src/decoders/candidates.js';
import { composedDecoder } from '../../src/decoders/composed/composed.js';

const axes = fc.constantFrom('n v', 'v n', '1 n v', 'n', '(k v) h w', '(v k) h w', 'k h w v', 'h w k v', 'v h w');
const dims = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 5 });
const number = fc.oneof(fc.double({ noNaN: false, min: -50, max: 50 }), fc.constantFrom(Number.NaN, Infinity, 1e30));
const levels = fc.array(
  fc.record({ stride: fc.constantFrom(4, 8, 16), anchors: fc.constantFrom([8], [8, 16], [[4, 6]]) }),
  { minLength: 1, maxLength: 2 },
);
const unit = fc.constantFrom('pixels' as const, 'input' as const, 'stride' as const, 'anchor' as const);
const decoders: fc.Arbitrary<ComposedDecoder> = fc
  .record({
    axes,
    at: fc.option(fc.nat(3), { nil: undefined }),
    levels,
    unit,
    perLevel: fc.boolean(),
    bins: fc.constantFrom(1, 2),
  })
  .map(({ axes, at, levels, unit, perLevel, bins }) => {
    const tensor = perLevel ? levels.map((_, index) => `t${index}`) : 't0';
    const source = { tensor, axes, ...(at === undefined ? {} : { at }) };
    return {
      kind: 'composed',
      geometry: { levels },
      scores: { factors: [{ ...source, classes: 2, keep: [1], activation: 'softmax' }] },
      boxes: {
        from: [source],
        values: 'cx cy w h',
        position: { origin: 'point', unit },
        size: { unit, activation: 'exp' },
        ...(bins > 1 ? { bins } : {}),
      },
    };
  });

describe('composed decoders under fuzzing', () => {
  test('read outputs of any shape within their bounds, or name what does not fit', async () => {
    await fuzzParser({
      name: 'composed decoders and outputs',
      inputs: fc.record({ decoder: decoders, dims: fc.tuple(dims, dims), value: number }),
      parse: ({ decoder, dims, value }) => {
        const tensors = Object.fromEntries(
          dims.map((own, index) => {
            const length = own.reduce((product, dim) => product * dim, 1);
            return [`t${index}`, { data: new Float32Array(length).fill(value), dims: own }];
          }),
        );
        const candidates = new Candidates();
        candidates.clear(false);
        const outputs = { tensors, inputWidthPx: 24, inputHeightPx: 16, place: 'model test' };
        composedDecoder(decoder)(outputs, 0.02, candidates);
        // An index beyond a tensor reads as undefined, which a Float32Array keeps as NaN.
        if (Number.isFinite(value)) expect(candidates.scores.every(Number.isFinite)).toBe(true);
      },
      errors: [ModelError, ShapeError, BackendError],
      place: 'model test',
      seed: 1612,
      runs: fuzzRuns(),
      sizeOf: () => 1024,
    });
  });
});
