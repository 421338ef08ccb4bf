import { BackendError, ModelError } from '@retinabench/core';
import { GraphBuilder, writeOnnx } from '@retinabench/models';
import { describe, expect, test } from 'vitest';
import { AllocationCounter } from '../../../../../tools/fuzz/allocation-counter.js';
import { fuzzParser } from '../../../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../../../tools/fuzz/fuzz-runs.js';
import { mutatedBytes } from '../../../../../tools/fuzz/mutated-bytes.js';
import { randomOnnx } from '../../../../../tools/fuzz/random-onnx.js';
import { operatorTable } from '../../../src/runtimes/tfjs/operators/table.js';
import { tfjsCpu } from '../../../src/runtimes/tfjs-cpu/tfjs-cpu.js';
import { floats, graphModel, ints, type NodeCase, nodeOf, singleNodeModel, tensorOf } from './node-model.js';

const place = 'm.onnx';
const dims = [1, 4, 6, 6];

/** Load a network, plan it for a small image and, where that costs little, carry it out. */
async function convert(bytes: Uint8Array): Promise<void> {
  const session = await tfjsCpu.createSession(bytes, place);
  try {
    const [name, ...more] = session.inputNames;
    if (name === undefined || more.length > 0) return;
    const { head: plan } = await session.planFor([dims]);
    if (plan.peakBytes > 2 ** 18) return;
    const { data } = Object.values(await session.run({ [name]: { data: new Float32Array(144).fill(0.5), dims } }))[0];
    expect(data).toBeInstanceOf(Float32Array);
  } catch (error) {
    // The model asks for another input than this one.
    if (!(error as Error).message.startsWith(`${place}: input "`)) throw error;
  } finally {
    await session.dispose();
  }
}

const target = {
  parse: convert,
  errors: [ModelError, BackendError],
  place,
  // Constants of a plan are at most 2^24 elements, held in float64 and now and then in two forms.
  allowedBytes: (bytes: number) => 2 ** 29 + 64 * bytes,
} as const;

describe('conversion to TensorFlow.js under fuzzing', () => {
  test('gives a session that runs, or a typed error with the node, for networks of any operators and attributes', async () => {
    const inputs = randomOnnx([...operatorTable.keys(), 'Loop', '__proto__']).map(writeOnnx);
    await fuzzParser({ ...target, name: 'TensorFlow.js, networks', inputs, seed: 505, runs: fuzzRuns(1500) });
  });

  test('gives a session that runs, or a typed error, for mutated files', async () => {
    const graph = new GraphBuilder('small');
    const weights = { dims: [4, 4, 3, 3], weight: new Float32Array(144).fill(0.1), bias: new Float32Array(4) } as const;
    const first = graph.conv('a', graph.input('x', ['n', 4, 'h', 'w']), weights, { pad: 1 }, { kind: 'relu6' });
    graph.output(graph.node('y', 'Reshape', [first, graph.ints([1, 4, -1])]), [1, 4, 'cells']);
    await fuzzParser({
      ...target,
      name: 'TensorFlow.js, mutated files',
      inputs: mutatedBytes([writeOnnx(graph.build())]),
      seed: 506,
      runs: fuzzRuns(1000),
    });
  });

  const feeds = [dims];
  const big = 2 ** 31;
  const weights = floats([4, 4, 3, 3], new Array<number>(144).fill(0.1));
  const scalar = (value: number) => ({ kind: 'int64' as const, dims: [], values: [value] });
  const cases: readonly (readonly [string, NodeCase])[] = [
    [
      'pads of 2^31 at an edge',
      { op: 'Pad', feeds, constants: [ints(0, 0, 0, big, 0, 0, 0, 0)], attributes: { mode: 'edge' } },
    ],
    ['sizes of 2^40', { op: 'Resize', feeds, constants: [undefined, undefined, ints(1, 4, 6, 2 ** 40)] }],
    [
      'cubic sizes of 2^30',
      { op: 'Resize', feeds, constants: [undefined, undefined, ints(1, 4, 2 ** 30, 6)], attributes: { mode: 'cubic' } },
    ],
    ['2^31 parts', { op: 'Split', feeds, attributes: { num_outputs: big, axis: 1 } }],
    ['2^31 groups', { op: 'ConvTranspose', feeds, constants: [weights], attributes: { group: big } }],
    [
      'dilations of 2^30',
      { op: 'ConvTranspose', feeds, constants: [weights], attributes: { dilations: [2 ** 30, 1] } },
    ],
    ['blocks that do not divide the channels', { op: 'DepthToSpace', feeds, attributes: { blocksize: 3 } }],
    ['blocks of 0', { op: 'DepthToSpace', feeds, attributes: { blocksize: 0 } }],
    ['blocks that do not divide the cells', { op: 'SpaceToDepth', feeds, attributes: { blocksize: 5 } }],
    ['a shape of 2^26', { op: 'ConstantOfShape', feeds: [], constants: [ints(2 ** 26)] }],
    ['a range of 2^26', { op: 'Range', feeds: [], constants: [scalar(0), scalar(2 ** 26), scalar(1)] }],
    ['2^31 repeats', { op: 'Tile', feeds, constants: [ints(1, 1, 1, big)] }],
    ['windows over 2^31 channels', { op: 'LRN', feeds, attributes: { size: big } }],
    [
      'pads of 2^20 on each side',
      {
        op: 'MaxPool',
        feeds,
        attributes: { kernel_shape: [2 ** 20, 2 ** 20], pads: [2 ** 20, 2 ** 20, 2 ** 20, 2 ** 20] },
      },
    ],
    ['strides of 0', { op: 'MaxPool', feeds, attributes: { kernel_shape: [2, 2], strides: [0, 0] } }],
  ];

  test.each(cases)('refuses %s before it costs 64 MiB or a second step', async (_, node) => {
    const bytes = singleNodeModel(node);
    const counter = new AllocationCounter();
    counter.start();
    try {
      await expect(tfjsCpu.createSession(bytes, place)).rejects.toThrow(ModelError);
    } finally {
      counter.stop();
    }
    expect(counter.bytes).toBeLessThan(2 ** 26);
  });

  test('refuses constants that are small one by one and too large together', async () => {
    const nodes = Array.from({ length: 9 }, (_, index) => nodeOf('ConstantOfShape', ['shape'], `c${index}`));
    const sum = nodeOf(
      'Sum',
      nodes.map((_, index) => `c${index}`),
      'y',
    );
    const bytes = graphModel([], [...nodes, sum], ['y'], [tensorOf('shape', ints(2 ** 21))]);
    await expect(tfjsCpu.createSession(bytes, place)).rejects.toThrow(
      /m\.onnx: node .*: the constants of this network would have/,
    );
  });
});
