import { ModelError, ShapeError } from '@retinabench/core';
import { type TfliteModel, writeTflite } from '@retinabench/models';
import { describe, expect, test } from 'vitest';
import { sampleModel } from '../../../../models/test/tflite/sample.js';
import { backendIds, loadBackend } from '../../../src/index.js';
import { contentSizedOutput } from '../../../src/runtimes/litert/content-sized.js';
import { litertWasm } from '../../../src/runtimes/litert/litert-wasm.js';

const options = { threads: 1 };
const place = 'sample.tflite';
const state = await litertWasm.availability();

test('a .tflite runs on litert-wasm alone; every other backend says so', async () => {
  for (const id of backendIds.filter((other) => other !== 'litert-wasm')) {
    const backend = await loadBackend(id);
    if (!(await backend.availability()).available) continue;
    const session = backend.createSession(writeTflite(sampleModel), place, options);
    await expect(session, id).rejects.toThrow(/^sample\.tflite: .*--backend litert-wasm alone runs/);
  }
});

const bytesOf = (values: Float32Array | Int32Array): Uint8Array => new Uint8Array(values.buffer);

/** RANGE(0, limit, 1): as long as its input says. */
function rangeModel(limit: Uint8Array | undefined, ...more: TfliteModel['nodes']): TfliteModel {
  const number = { type: 'float32' as const, dims: [] };
  return {
    description: '',
    tensors: [
      { name: 'limit', ...number, ...(limit === undefined ? {} : { data: limit }) },
      { name: 'start', ...number, data: bytesOf(Float32Array.of(0)) },
      { name: 'delta', ...number, data: bytesOf(Float32Array.of(1)) },
      { name: 'x', type: 'float32', dims: [5] },
      { name: 'range', type: 'float32', dims: [5] },
      { name: 'sum', type: 'float32', dims: [5] },
    ],
    nodes: [{ operator: 'RANGE', inputs: [1, 0, 2], outputs: [4] }, ...more],
    inputs: limit === undefined ? [0, 3] : [3],
    outputs: [more.length === 0 ? 4 : 5],
  };
}
const add = { operator: 'ADD', inputs: [3, 4], outputs: [5] };

describe('an output whose size depends on the content of the input', () => {
  test('is found, through what is computed of it, with the operator that decides', () => {
    expect(contentSizedOutput(rangeModel(undefined))).toEqual({ output: 'range', operator: 'RANGE' });
    expect(contentSizedOutput(rangeModel(undefined, add))).toEqual({ output: 'sum', operator: 'RANGE' });
  });

  test('is none where constants decide, or the dimensions of another tensor', () => {
    expect(contentSizedOutput(rangeModel(bytesOf(Float32Array.of(5)), add))).toBeUndefined();
    const tensors = [
      { name: 'x', type: 'float32' as const, dims: [4] },
      { name: 'dims', type: 'int32' as const, dims: [1] },
      { name: 'y', type: 'float32' as const, dims: [4] },
    ];
    const reshape = { operator: 'RESHAPE', inputs: [0, 1], outputs: [2] };
    const shaped = { description: '', tensors, outputs: [2] };
    const shape = { operator: 'SHAPE', inputs: [0], outputs: [1] };
    expect(contentSizedOutput({ ...shaped, inputs: [0], nodes: [shape, reshape] })).toBeUndefined();
    expect(contentSizedOutput({ ...shaped, inputs: [0, 1], nodes: [reshape] })).toEqual({
      output: 'y',
      operator: 'RESHAPE',
    });
  });
});

describe.skipIf(!state.available)('a .tflite of a user on litert-wasm (skipped where it is absent)', () => {
  test('takes and gives real numbers where its tensors are quantised', async () => {
    const session = await litertWasm.createSession(writeTflite(sampleModel), place, options);
    expect(session.signature?.inputs).toEqual([{ name: 'image', elementType: 'float32', dims: [1, 2, 2, 2] }]);
    const data = Float32Array.of(1, 2, -1, 0.4, 60, 200, 0, -9);
    const { sum } = await session.run({ image: { data, dims: [1, 2, 2, 2] } });
    // q = round(x / 0.5) + 10 in 0 to 255, x' = 0.5 (q - 10): 0.4 becomes 0.5, 200 becomes 122.5, -9 becomes -5.
    // 2 a - b + 0.25 of each cell: 2 - 2, -2 - 0.5, 120 - 122.5, 0 + 5.
    expect([...sum.data]).toEqual([0.25, -2.25, -2.25, 5.25]);
    expect(sum.dims).toEqual([1, 2, 2, 1]);
    await expect(session.run({ image: { data, dims: [1, 2, 4, 1] } })).rejects.toThrow(ShapeError);
    await session.dispose();
  });

  test('is refused where its elements cannot be passed, with what to convert', async () => {
    const [image, ...others] = sampleModel.tensors;
    const int8 = { ...sampleModel, tensors: [{ ...image, type: 'int8' as const }, ...others] };
    await expect(litertWasm.createSession(writeTflite(int8), place, options)).rejects.toThrow(
      /tensor image: expected elements of float32, int32, uint8, got int8.*inference_input_type/,
    );
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    'is refused where the scale of an input is %s',
    async (scale) => {
      const [image, ...others] = sampleModel.tensors;
      const quantisation = { scales: [scale], zeroPoints: [10], axis: 0 };
      const damaged = { ...sampleModel, tensors: [{ ...image, quantisation }, ...others] };
      await expect(litertWasm.createSession(writeTflite(damaged), place, options)).rejects.toThrow(
        /tensor image: expected a positive scale of its quantisation/,
      );
    },
  );

  test('is refused where an output is as long as its input says: LiteRT.js would give what its memory held', async () => {
    const file = writeTflite(rangeModel(undefined));
    await expect(litertWasm.createSession(file, place, options)).rejects.toThrow(
      /^sample\.tflite: output range: expected a size .* got one that RANGE decides/,
    );
    const constant = writeTflite(rangeModel(bytesOf(Float32Array.of(5)), add));
    const session = await litertWasm.createSession(constant, place, options);
    const { sum } = await session.run({ x: { data: Float32Array.of(10, 10, 10, 10, 10), dims: [5] } });
    expect([...sum.data]).toEqual([10, 11, 12, 13, 14]);
    await session.dispose();
  });

  test('takes whole numbers beyond int32 as the largest and the least there are', async () => {
    const tensor = { type: 'int32' as const, dims: [3] };
    const tensors = [
      { name: 'x', ...tensor },
      { name: 'zero', ...tensor, data: bytesOf(Int32Array.of(0, 0, 0)) },
      { name: 'y', ...tensor },
    ];
    const nodes = [{ operator: 'ADD', inputs: [0, 1], outputs: [2] }];
    const model = { description: '', tensors, nodes, inputs: [0], outputs: [2] };
    const session = await litertWasm.createSession(writeTflite(model), place, options);
    const { y } = await session.run({ x: { data: Float32Array.of(3e9, -3e9, 7), dims: [3] } });
    // The nearest float32 to 2^31 - 1 is 2^31.
    expect([...y.data]).toEqual([2 ** 31, -(2 ** 31), 7]);
    await session.dispose();
  });

  test('that is damaged is a ModelError, and the runtime goes on', async () => {
    const file = writeTflite(sampleModel);
    await expect(litertWasm.createSession(file.slice(0, 200), place, options)).rejects.toThrow(ModelError);
    const session = await litertWasm.createSession(file, place, options);
    expect(session.outputNames).toEqual(['sum']);
    await session.dispose();
  });
});
