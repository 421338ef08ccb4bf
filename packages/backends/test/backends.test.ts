import { BackendError, ModelError, ShapeError } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { backendIds, loadBackend } from '../src/index.js';
import { expectAgreement, noiseFeeds } from './runtimes/tfjs/agreement.js';
import { floats, graphModel, nodeOf, noise, tensorOf } from './runtimes/tfjs/node-model.js';

const backends = await Promise.all(
  backendIds.map(async (id) => {
    const backend = await loadBackend(id);
    const state = await backend.availability();
    return { id, backend, available: state.available, why: state.available ? '' : `(skipped: ${state.reason})` };
  }),
);

const options = { threads: 1 };

/** A convolution with an activation, and a second output that can become infinite. */
function smallModel(): Uint8Array {
  return graphModel(
    [[1, 2, 'height', 'width']],
    [
      nodeOf('Conv', ['x0', 'w'], 'c', { pads: [1, 1, 1, 1] }),
      nodeOf('LeakyRelu', ['c'], 'y', { alpha: { float: 0.1 } }),
      nodeOf('Reciprocal', ['c'], 'z'),
    ],
    ['y', 'z'].map((name) => ({ name, dims: [1, 3, 'height', 'width'] })),
    [tensorOf('w', floats([3, 2, 3, 3], noise(54, 2)))],
  );
}

test('availability names a reason of one line and a remedy where a backend is absent', async () => {
  for (const { backend } of backends) {
    const state = await backend.availability();
    if (state.available) expect(await backend.version()).toMatch(/^\d+\.\d+\.\d+/);
    else {
      expect(state.reason).not.toContain('\n');
      expect(state.remedy).toContain('--backend');
      await expect(backend.createSession(smallModel(), 'small.onnx', options)).rejects.toThrow(BackendError);
    }
  }
});

test('an unknown backend is turned away with the list of those that exist', async () => {
  await expect(loadBackend('tensorrt')).rejects.toThrow(/tensorrt.*ort-node, ort-wasm/);
  await expect(loadBackend('toString')).rejects.toThrow(BackendError);
});

describe.each(backends)('backend $id $why', ({ backend, available }) => {
  test.skipIf(!available)('computes what ONNX Runtime computes', async () => {
    await expectAgreement(backend, smallModel(), noiseFeeds([[1, 2, 7, 9]]));
  });

  test.skipIf(!available)('turns garbage away with a ModelError and keeps running', async () => {
    for (const bytes of [new Uint8Array(0), Uint8Array.from(noise(300, 1), (value) => value * 60 + 120)]) {
      await expect(backend.createSession(bytes, 'junk.onnx', options)).rejects.toThrow(ModelError);
      await expect(backend.createSession(bytes, 'junk.onnx', options)).rejects.toThrow(/^junk\.onnx/);
    }
    await expectAgreement(backend, smallModel(), noiseFeeds([[1, 2, 4, 4]]));
  });

  test.skipIf(!available)(
    'refuses a missing input, a wrong rank and a wrong number of channels with a ShapeError',
    async () => {
      const session = await backend.createSession(smallModel(), 'small.onnx', options);
      const data = new Float32Array(32);
      await expect(session.run({})).rejects.toThrow(ShapeError);
      await expect(session.run({ x0: { data, dims: [2, 4, 4] } })).rejects.toThrow(ShapeError);
      await expect(session.run({ x0: { data, dims: [1, 1, 4, 8] } })).rejects.toThrow(ShapeError);
      expect((await session.run({ x0: { data, dims: [1, 2, 4, 4] } })).y.dims).toEqual([1, 3, 4, 4]);
      await session.dispose();
      await expect(session.run({ x0: { data, dims: [1, 2, 4, 4] } })).rejects.toThrow(BackendError);
    },
  );

  test.skipIf(!available)('keeps its memory over 200 cycles of load, run and dispose', async () => {
    const model = smallModel();
    const cycle = async () => {
      const session = await backend.createSession(model, 'small.onnx', options);
      await session.run(noiseFeeds([[1, 2, 64, 64]]));
      await session.dispose();
      await session.dispose();
    };
    for (let i = 0; i < 50; i++) await cycle();
    const before = process.memoryUsage.rss();
    for (let i = 0; i < 200; i++) await cycle();
    // A cycle that leaked its 32 KiB input alone would add 6.4 MiB; the collector's own swing is allowed for.
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 2 ** 20);
  });
});
