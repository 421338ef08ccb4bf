import { BackendError, ModelError, ShapeError } from '@retinabench/core';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { tfjsCpu } from '../../../src/runtimes/tfjs-cpu/tfjs-cpu.js';
import { tfjsWasm } from '../../../src/runtimes/tfjs-wasm/tfjs-wasm.js';
import { noiseFeeds } from './agreement.js';
import { floats, graphModel, ints, nodeOf, noise, singleNodeModel, tensorOf } from './node-model.js';
import { plannedBackends, tfjsBackends } from './tfjs-backends.js';

const options = { threads: 1 };

/** Two convolutions, a channel concatenation and a grid flattened as RetinaFace's heads are. */
function smallDetector(): Uint8Array {
  const weight = (name: string, dims: readonly number[]) =>
    tensorOf(
      name,
      floats(
        dims,
        noise(
          dims.reduce((p, d) => p * d, 1),
          3,
        ),
      ),
    );
  return graphModel(
    [[1, 3, 'height', 'width']],
    [
      nodeOf('Conv', ['x0', 'w1', 'b1'], 'c1', { pads: [1, 1, 1, 1], strides: [2, 2] }),
      nodeOf('Relu', ['c1'], 'a1'),
      nodeOf('Conv', ['a1', 'w2'], 'c2', { pads: [1, 1, 1, 1] }),
      nodeOf('LeakyRelu', ['c2'], 'a2', { alpha: { float: 0.1 } }),
      nodeOf('Concat', ['a1', 'a2'], 'both', { axis: 1 }),
      nodeOf('Transpose', ['both'], 'last', { perm: [0, 2, 3, 1] }),
      nodeOf('Reshape', ['last', 'shape'], 'rows'),
      nodeOf('Softmax', ['rows'], 'y', { axis: -1 }),
    ],
    ['y'],
    [weight('w1', [4, 3, 3, 3]), weight('b1', [4]), weight('w2', [4, 4, 3, 3]), tensorOf('shape', ints(1, -1, 2))],
  );
}

describe.each(tfjsBackends)('a plan of $id', (backend) => {
  test('moves no bytes between layouts, however the heads are permuted and flattened', async () => {
    const session = await backend.createSession(smallDetector(), 'small.onnx', options);
    const { head: plan } = await session.planFor([[1, 3, 16, 20]]);
    expect(plan.layoutChanges).toBe(0);
    // Two fused convolutions, concatenation, flattening, softmax.
    expect(plan.steps).toHaveLength(5);
    await session.dispose();
  });
});

describe.each(plannedBackends)('a session of $id', (backend) => {
  test('keeps the number of tensors over 1,000 runs of the same size and over runs of ten sizes', async () => {
    const session = await backend.createSession(smallDetector(), 'small.onnx', options);
    const run = (height: number) => session.run(noiseFeeds([[1, 3, height, 8]]));
    for (let height = 8; height < 18; height++) await run(height);
    const before = tf.memory();
    for (let i = 0; i < 1000; i++) await run(16);
    for (let height = 8; height < 18; height++) await run(height);
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numBytes).toBe(before.numBytes);
    await session.dispose();
  });

  test('frees everything over 200 cycles of load, run and dispose', async () => {
    const model = smallDetector();
    const before = tf.memory().numTensors;
    for (let i = 0; i < 200; i++) {
      const session = await backend.createSession(model, 'small.onnx', options);
      await session.run(noiseFeeds([[1, 3, 8, 8]]));
      await session.dispose();
      await session.dispose();
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  test('names the node and the operator that it cannot run', async () => {
    const model = graphModel([[1, 3]], [nodeOf('Det', ['x0'], 'y')], ['y'], []);
    await expect(backend.createSession(model, 'det.onnx', options)).rejects.toThrow(ModelError);
    await expect(backend.createSession(model, 'det.onnx', options)).rejects.toThrow(
      /^det\.onnx: node "Det-y" \(Det\): .* operator Det.*use ort-node/,
    );
  });

  test('names the node whose attribute or shape it cannot run', async () => {
    const bad = singleNodeModel({
      op: 'Resize',
      feeds: [[1, 1, 4, 4]],
      constants: [undefined, floats([4], [1, 1, 2, 2])],
      attributes: { mode: 'linear', coordinate_transformation_mode: 'tf_crop_and_resize' },
    });
    await expect(backend.createSession(bad, 'bad.onnx', options)).rejects.toThrow(
      /bad\.onnx: node "under-test" \(Resize\): coordinate_transformation_mode tf_crop_and_resize/,
    );
    const misfit = singleNodeModel({
      op: 'Conv',
      feeds: [[1, 3, 4, 4]],
      constants: [floats([2, 4, 1, 1], noise(8, 1))],
    });
    await expect(backend.createSession(misfit, 'misfit.onnx', options)).rejects.toThrow(
      /misfit\.onnx: node "under-test" \(Conv\): input of 3 channels, weights \[2,4,1,1\]/,
    );
  });

  test('turns away bytes that are no model, and models cut short', async () => {
    const model = smallDetector();
    for (const bytes of [new Uint8Array(0), Uint8Array.of(1, 2, 3, 255), model.slice(0, model.length / 2)]) {
      await expect(backend.createSession(bytes, 'junk.onnx', options)).rejects.toThrow(ModelError);
    }
  });

  test('refuses inputs that are missing, unknown, of another rank or length, before anything runs', async () => {
    const session = await backend.createSession(smallDetector(), 'small.onnx', options);
    const { x0 } = noiseFeeds([[1, 3, 8, 8]]);
    const wrong = [
      {},
      { x0, x1: x0 },
      { x0: { data: x0.data, dims: [3, 8, 8] } },
      { x0: { data: x0.data, dims: [1, 4, 6, 8] } },
      { x0: { data: x0.data, dims: [1, 3, 8, 9] } },
      { x0: { data: x0.data, dims: [1, 3, 0, 8] } },
    ];
    const before = tf.memory().numTensors;
    for (const feeds of wrong) await expect(session.run(feeds)).rejects.toThrow(ShapeError);
    expect(tf.memory().numTensors).toBe(before);
    expect((await session.run({ x0 })).y.dims).toEqual([1, 64, 2]);
    await session.dispose();
    await expect(session.run({ x0 })).rejects.toThrow(BackendError);
  });

  test('refuses an input whose intermediate tensors exceed the memory, and runs the next', async () => {
    const model = graphModel(
      [['n']],
      [nodeOf('Expand', ['x0', 'shape'], 'wide'), nodeOf('Exp', ['wide'], 'y')],
      ['y'],
      [tensorOf('shape', ints(2_000_000, 1))],
    );
    const session = await backend.createSession(model, 'wide.onnx', options);
    const large = session.run(noiseFeeds([[1000]]));
    await expect(large).rejects.toThrow(BackendError);
    await expect(large).rejects.toThrow(/needs \d+ MiB of intermediate tensors.*smaller --scale/);
    expect((await session.run(noiseFeeds([[1]]))).y.dims).toEqual([2_000_000, 1]);
    await session.dispose();
  });

  test('turns a constant of absurd dimensions away instead of allocating it', async () => {
    const bomb = graphModel(
      [[1]],
      [nodeOf('ConstantOfShape', ['shape'], 'zeros'), nodeOf('Add', ['x0', 'zeros'], 'y')],
      ['y'],
      [tensorOf('shape', ints(2 ** 40))],
    );
    await expect(backend.createSession(bomb, 'bomb.onnx', options)).rejects.toThrow(/ConstantOfShape.*1099511627776/);
  });
});

test('sessions of two TensorFlow.js backends run side by side', async () => {
  const model = smallDetector();
  const [a, b] = await Promise.all([tfjsWasm, tfjsCpu].map((backend) => backend.createSession(model, 'm', options)));
  const feeds = noiseFeeds([[1, 3, 12, 12]]);
  const runs = await Promise.all([a, b, a, b].map((session) => session.run(feeds)));
  for (const { y } of runs) {
    y.data.forEach((value, i) => {
      expect(value).toBeCloseTo(runs[0].y.data[i], 5);
    });
  }
  await Promise.all([a.dispose(), b.dispose()]);
});
