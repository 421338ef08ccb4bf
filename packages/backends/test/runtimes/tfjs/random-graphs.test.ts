import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectAgreement, noiseFeeds } from './agreement.js';
import { floats, graphModel, type NodeCase, nodeOf, noise, singleNodeModel, tensorOf } from './node-model.js';
import { plannedBackends } from './tfjs-backends.js';

const seeded = { seed: 4, numRuns: 40 };
const weights = (dims: readonly number[], seed = 7) =>
  floats(
    dims,
    noise(
      dims.reduce((p, d) => p * d, 1),
      seed,
    ),
  );
const small = (max: number, min = 1) => fc.integer({ min, max });
const pads = fc.oneof(
  fc.constant({}),
  fc.record({ pads: fc.tuple(small(2, 0), small(2, 0), small(2, 0), small(2, 0)) }),
  fc.record({ auto_pad: fc.constantFrom('SAME_UPPER', 'SAME_LOWER', 'VALID') }),
);
const cells = fc.tuple(small(9, 5), small(9, 5));

const convolutions = fc.record({
  batch: small(2),
  cells,
  kernel: fc.tuple(small(3), small(4)),
  strides: fc.tuple(small(2), small(3)),
  pads,
  groups: fc.constantFrom('one', 'depthwise', 'two') as fc.Arbitrary<'one' | 'depthwise' | 'two'>,
  bias: fc.boolean(),
  activation: fc.constantFrom('', 'Relu', 'LeakyRelu', 'Sigmoid', 'PRelu', 'Clip', 'BatchNormalization', 'Tanh'),
});

const pools = fc.record({
  op: fc.constantFrom('MaxPool', 'AveragePool'),
  cells,
  kernel: fc.tuple(small(3), small(3)),
  strides: fc.tuple(small(3), small(2)),
  pads,
  ceil: fc.boolean(),
  include: fc.boolean(),
});

describe.each(plannedBackends)('$id on random graphs (seed 4) agrees with ONNX Runtime', (backend) => {
  test('Conv of any geometry, followed by anything that may fuse into it', async () => {
    await fc.assert(
      fc.asyncProperty(convolutions, async (c) => {
        const channels = 4;
        const groups = { one: 1, depthwise: channels, two: 2 }[c.groups];
        const filter = [8, channels / groups, ...c.kernel];
        const attributes: NodeCase['attributes'] = {
          group: groups,
          strides: [...c.strides],
          kernel_shape: [...c.kernel],
          ...c.pads,
        };
        const extras: Record<string, string[]> = {
          PRelu: ['slope'],
          Clip: ['low', 'high'],
          BatchNormalization: ['scale', 'shift', 'mean', 'variance'],
        };
        const conv = nodeOf('Conv', ['x0', 'w', ...(c.bias ? ['b'] : [])], c.activation ? 'h' : 'y', attributes);
        const after = c.activation ? [nodeOf(c.activation, ['h', ...(extras[c.activation] ?? [])], 'y')] : [];
        const constants = [
          tensorOf('w', weights(filter)),
          tensorOf('b', weights([8], 5)),
          tensorOf('slope', weights([8, 1, 1], 6)),
          tensorOf('low', floats([], [0])),
          tensorOf('high', floats([], [6])),
          ...['scale', 'shift', 'mean'].map((name, seed) => tensorOf(name, weights([8], seed + 9))),
          tensorOf('variance', floats([8], [1, 2, 3, 0.5, 1, 1, 0.2, 4])),
        ];
        const feeds = [[c.batch, channels, ...c.cells]];
        await expectAgreement(backend, graphModel(feeds, [conv, ...after], ['y'], constants), noiseFeeds(feeds));
      }),
      seeded,
    );
  });

  test('MaxPool and AveragePool of any geometry, ceil mode and counted padding included', async () => {
    await fc.assert(
      fc.asyncProperty(pools, async (c) => {
        const explicit = 'pads' in c.pads ? c.pads.pads : [0, 0, 0, 0];
        fc.pre(c.kernel.every((size, axis) => explicit[axis] < size && explicit[axis + 2] < size));
        fc.pre(!(c.ceil && 'auto_pad' in c.pads));
        // ONNX Runtime itself refuses SAME where the stride exceeds the kernel.
        fc.pre(!('auto_pad' in c.pads) || c.kernel.every((size, axis) => size >= c.strides[axis]));
        const node: NodeCase = {
          op: c.op,
          feeds: [[1, 3, ...c.cells]],
          attributes: {
            kernel_shape: [...c.kernel],
            strides: [...c.strides],
            ceil_mode: Number(c.ceil),
            ...(c.op === 'AveragePool' ? { count_include_pad: Number(c.include) } : {}),
            ...c.pads,
          },
          opset: 19,
        };
        await expectAgreement(backend, singleNodeModel(node), noiseFeeds(node.feeds));
      }),
      seeded,
    );
  });

  test('chains of Reshape and Transpose between convolutions keep every element in its place', async () => {
    const dims = [2, 4, 6, 6];
    const shapes = [
      [2, 2, 2, 6, 6],
      [2, 4, 36],
      [2, 24, 6],
      [8, 36],
      [2, 6, 4, 6],
      [1, 2, 4, 6, 6],
      [2, 4, 6, 6, 1],
      [2, 2, 2, 3, 2, 6],
    ];
    const chain = fc.array(fc.record({ shape: fc.constantFrom(...shapes), seed: fc.integer() }), {
      minLength: 1,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(chain, async (links) => {
        const nodes = [nodeOf('Conv', ['x0', 'w'], 'v0', { kernel_shape: [1, 1] })];
        const constants = [tensorOf('w', weights([4, 4, 1, 1]))];
        links.forEach(({ shape, seed }, index) => {
          constants.push(tensorOf(`shape${index}`, { kind: 'int64', dims: [shape.length], values: shape }));
          const permutation = shuffled(shape.length, seed);
          nodes.push(nodeOf('Reshape', [`v${index}`, `shape${index}`], `r${index}`));
          nodes.push(nodeOf('Transpose', [`r${index}`], `v${index + 1}`, { perm: permutation }));
        });
        constants.push(tensorOf('image', { kind: 'int64', dims: [4], values: dims }));
        nodes.push(nodeOf('Reshape', [`v${links.length}`, 'image'], 'back'));
        nodes.push(nodeOf('Conv', ['back', 'w'], 'y', { kernel_shape: [1, 1] }));
        await expectAgreement(backend, graphModel([dims], nodes, ['y', 'back'], constants), noiseFeeds([dims]));
      }),
      seeded,
    );
  });
});

function shuffled(length: number, seed: number): number[] {
  const keys = noise(length, Math.abs(seed) % 1000);
  return keys.map((_, index) => index).sort((a, b) => keys[a] - keys[b]);
}

test('noise is the same for the same seed and differs between seeds', () => {
  expect(noise(3, 1)).toEqual(noise(3, 1));
  expect(noise(3, 1)).not.toEqual(noise(3, 2));
});
