import { describe, expect, test } from 'vitest';
import { GraphBuilder, type OnnxModel, readOnnx, tensorValues, writeOnnx } from '../../src/index.js';
import { inferShapes } from '../../src/onnx/infer-shapes.js';
import { readShared, sharedPresent } from '../shared.js';

/** y = relu(conv(x)), one 1 x 1 kernel of weight 2 and bias 3. */
function smallModel(): OnnxModel {
  const graph = new GraphBuilder('small');
  const weights = { dims: [1, 1, 1, 1], weight: Float32Array.of(2), bias: Float32Array.of(3) } as const;
  const output = graph.conv('c', graph.input('x', ['batch', 1, 'height', 4]), weights, {}, { kind: 'relu' });
  graph.output(output, ['batch', 1, 'height', 4]);
  return graph.build();
}

test('readOnnx gives back what writeOnnx was given, byte for byte on a second writing', () => {
  const bytes = writeOnnx(smallModel());
  const model = readOnnx(bytes, 'small.onnx');
  expect(model.graph.nodes).toEqual(smallModel().graph.nodes);
  expect(model.graph.inputs).toEqual(smallModel().graph.inputs);
  expect([...tensorValues(model.graph.initialisers[0]!)]).toEqual([2]);
  expect(Buffer.compare(writeOnnx(model), bytes)).toBe(0);
});

test('readOnnx says what it expected of a file that is no model', () => {
  for (const text of ['', 'GIF89a...', '{"nodes": []}']) {
    expect(() => readOnnx(new TextEncoder().encode(text), 'cat.onnx')).toThrow(/^cat\.onnx: not an ONNX model/);
  }
});

test('readOnnx names a node that reads what nothing makes', () => {
  const model = smallModel();
  const broken = {
    ...model,
    graph: { ...model.graph, nodes: model.graph.nodes.map((node) => ({ ...node, inputs: ['ghost'] })) },
  };
  expect(() => readOnnx(writeOnnx(broken), 'm.onnx')).toThrow(/node c \(Conv\) reads ghost/);
});

test('readOnnx names a constant whose bytes do not fit its dimensions, whatever it claims', () => {
  const model = smallModel();
  const initialisers = model.graph.initialisers.map((tensor) => ({ ...tensor, dims: [1 << 20, 1 << 20, 64] }));
  const broken = { ...model, graph: { ...model.graph, initialisers } };
  expect(() => readOnnx(writeOnnx(broken), 'm.onnx')).toThrow(
    /tensor c\.weight: expected \d+ bytes for float .*, got 4/,
  );
});

test('inferShapes follows convolution, padding and stride', () => {
  // ceil(7 / 2) = 4, ceil(5 / 2) = 3 for a 3 x 3 kernel padded by 1 at stride 2.
  const graph = new GraphBuilder('stride');
  const weights = { dims: [2, 3, 3, 3], weight: new Float32Array(54), bias: new Float32Array(2) } as const;
  graph.conv('c', graph.input('x', ['n', 3, 'h', 'w']), weights, { stride: 2, pad: 1 }, { kind: 'none' });
  expect(inferShapes(graph.build(), [1, 3, 7, 5]).get('c')).toEqual([1, 2, 4, 3]);
});

describe.skipIf(!sharedPresent)('on published files (need the shared data folder)', () => {
  test.each([
    // Numbers of nodes as the onnx package for Python counts them.
    ['scrfd_500m_kps.onnx', 191],
    ['yunet_n_dynamic.onnx', 163],
    ['ultraface_RFB-320.onnx', 242],
    ['mobilefacenet-128d.onnx', 163],
  ])('readOnnx finds every node of %s', (file, nodes) => {
    expect(readOnnx(readShared(`models/${file}`), file).graph.nodes.length).toBe(nodes);
  });
});
