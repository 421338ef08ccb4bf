import { ModelError } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { AllocationCounter } from '../../../../tools/fuzz/allocation-counter.js';
import { fuzzParser } from '../../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../../tools/fuzz/fuzz-runs.js';
import { mutatedBytes } from '../../../../tools/fuzz/mutated-bytes.js';
import { randomOnnx } from '../../../../tools/fuzz/random-onnx.js';
import {
  countMultiplyAdds,
  countParameters,
  GraphBuilder,
  halveWeights,
  type OnnxModel,
  planInt8,
  quantizeInt8,
  readOnnx,
  writeOnnx,
} from '../../src/index.js';
import { inferShapes } from '../../src/onnx/infer-shapes.js';
import { readShared, sharedPresent } from '../shared.js';

const place = 'm.onnx';
const errors = [ModelError];

/** Two convolutions, an addition of sizes and a resize: what the graph writer uses. */
function pyramid(): OnnxModel {
  const graph = new GraphBuilder('small');
  const weights = { dims: [4, 4, 3, 3], weight: new Float32Array(144).fill(0.1), bias: new Float32Array(4) } as const;
  const first = graph.conv('a', graph.input('x', ['batch', 4, 'h', 'w']), weights, { pad: 1 }, { kind: 'relu' });
  const second = graph.conv('b', first, weights, { pad: 1, stride: 2 }, { kind: 'leaky-relu', slope: 0.1 });
  graph.output(graph.node('sum', 'Add', [second, second]), ['batch', 4, 'h2', 'w2']);
  return graph.build();
}

/** Everything that a command does with a model that it has read. */
function work(model: OnnxModel): void {
  countParameters(model);
  writeOnnx(halveWeights(model));
  const { values } = planInt8(model);
  writeOnnx(quantizeInt8(model, new Map(values.map((name) => [name, { min: -1, max: 2 }]))));
  const { total } = countMultiplyAdds(model, [1, 4, 8, 8]);
  expect(total).toBeGreaterThanOrEqual(0);
}

describe('readOnnx under fuzzing', () => {
  const parse = (bytes: Uint8Array): unknown => readOnnx(bytes, place);

  test('gives a model or ModelError for mutated files', async () => {
    const files = [writeOnnx(pyramid()), writeOnnx({ ...pyramid(), metadata: { k: 'v' } })];
    await fuzzParser({
      name: 'ONNX, bytes',
      inputs: mutatedBytes(files),
      parse,
      errors,
      place,
      seed: 301,
      runs: fuzzRuns(),
    });
  });

  test.skipIf(!sharedPresent)(
    'gives a model or ModelError for mutations of YuNet (needs the shared data folder)',
    async () => {
      const inputs = mutatedBytes([readShared('models/yunet_n_dynamic.onnx')]);
      await fuzzParser({ name: 'ONNX, real file', inputs, parse, errors, place, seed: 302, runs: fuzzRuns(100) });
    },
  );

  test('gives back any network that writeOnnx can write, or names what is wrong with it', async () => {
    await fuzzParser({
      name: 'ONNX, networks',
      inputs: randomOnnx(['Conv', 'Relu', 'Add', '', '__proto__', 'constructor']),
      parse: (model) => readOnnx(writeOnnx(model), place),
      errors,
      place,
      seed: 303,
      runs: fuzzRuns(1000),
      sizeOf: () => 4096,
    });
  });
});

test('readOnnx quotes names of 100,000 characters in part', () => {
  const model = pyramid();
  const long = 'n'.repeat(100_000);
  const nodes = model.graph.nodes.map((node) => ({ ...node, name: long, op: long, inputs: [long] }));
  expect(() => readOnnx(writeOnnx({ ...model, graph: { ...model.graph, nodes } }), place)).toThrow(
    /^m\.onnx: node n{57}\.\.\. \(n{57}\.\.\.\) reads n{57}\.\.\., which nothing/,
  );
});

describe('what is done with a model under fuzzing', () => {
  const operators = [
    ...['Conv', 'Relu', 'LeakyRelu', 'Clip', 'Sigmoid', 'Cast', 'Add', 'Sub', 'Mul', 'Div', 'Max', 'MaxPool', 'MatMul'],
    ...['Shape', 'Slice', 'Concat', 'Resize', 'Reshape', 'Transpose', 'Pad', 'Split', 'GlobalAveragePool', 'toString'],
  ];

  test('inferShapes, quantising and counting give a result or ModelError for any network', async () => {
    await fuzzParser({
      name: 'ONNX, shapes and quantising',
      inputs: randomOnnx(operators),
      parse: work,
      errors,
      place: '',
      seed: 304,
      runs: fuzzRuns(2000),
      sizeOf: () => 8192,
    });
  });

  test('inferShapes, quantising and counting give a result or ModelError for mutated files that can be read', async () => {
    await fuzzParser({
      name: 'ONNX, mutated and quantised',
      inputs: mutatedBytes([writeOnnx(pyramid())]),
      parse: (bytes) => work(readOnnx(bytes, place)),
      errors,
      place: '',
      seed: 305,
      runs: fuzzRuns(2000),
      allowedBytes: (bytes) => 2 ** 22 + 64 * bytes,
    });
  });

  test('planInt8 takes a chain of 100,000 nodes, each of which reads the one before it twice', () => {
    const graph = new GraphBuilder('chain');
    let value = graph.input('x', [1]);
    for (let index = 0; index < 100_000; index++) value = graph.node(`n${index}`, 'Add', [value, value]);
    graph.output(value, [1]);
    expect(planInt8(graph.build()).nodes.size).toBe(0);
  });

  test('inferShapes does not follow lists that double 60 times', () => {
    const graph = new GraphBuilder('lists');
    let value = graph.node('shape', 'Shape', [graph.input('x', [1, 4, 8, 8])]);
    for (let index = 0; index < 60; index++) {
      value = graph.node(`n${index}`, 'Concat', [value, value], { axis: { kind: 'int', value: 0 } });
    }
    graph.output(value, [1]);
    expect(() => inferShapes(graph.build(), [1, 4, 8, 8])).toThrow(ModelError);
  });

  test.each([
    ['weights of 2^31 channels and no element', [2 ** 31, 0, 3, 3]],
    ['weights of 2^50 channels and no element', [2 ** 50, 0, 3, 3]],
    ['weights without axes', []],
  ])('quantizeInt8 names %s, and asks for less than 64 KiB', (_, dims) => {
    const model = pyramid();
    const initialisers = model.graph.initialisers.map((tensor) =>
      tensor.name === 'b.weight' ? { ...tensor, dims, bytes: new Uint8Array(dims.length === 0 ? 4 : 0) } : tensor,
    );
    const read = readOnnx(writeOnnx({ ...model, graph: { ...model.graph, initialisers } }), place);
    const ranges = new Map(planInt8(read).values.map((name) => [name, { min: -1, max: 1 }]));
    const counter = new AllocationCounter();
    counter.start();
    try {
      expect(() => quantizeInt8(read, ranges)).toThrow(/node b \(Conv\): expected constant weights/);
    } finally {
      counter.stop();
    }
    expect(counter.bytes).toBeLessThan(65_536);
  });
});
