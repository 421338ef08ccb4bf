import { type TfliteModel, tfliteActivation, tflitePadding } from '@retinabench/models';
import { describe, expect, test } from 'vitest';
import { litertWasm } from '../../../src/runtimes/litert/litert-wasm.js';
import { nodeHost } from '../../../src/runtimes/litert/node-host.js';
import { StagedNetwork } from '../../../src/runtimes/litert/staged-network.js';
import { findConvolutions, type WinogradNode } from '../../../src/runtimes/litert/winograd/find-convolutions.js';
import { isUneven } from '../../../src/runtimes/litert/winograd/is-uneven.js';
import { splitNetwork } from '../../../src/runtimes/litert/winograd/split-network.js';
import { transformWeights } from '../../../src/runtimes/litert/winograd/transform-weights.js';
import { WinogradKernels } from '../../../src/runtimes/litert/winograd/winograd-kernels.js';
import { noise } from '../tfjs/node-model.js';

const { available } = await litertWasm.availability();
const bytesOf = (values: readonly number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);
/** Largest error of F(4 x 4, 3 x 3) in float32, as a share of the magnitudes that a result is made of: 32 roundings. */
const winogradError = 32 * 2 ** -24;

const sizeOf = (dims: readonly number[]): number => dims.reduce((size, dim) => size * dim, 1);

interface Geometry {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly outputs: number;
  readonly slope: number;
}

const same = { padding: tflitePadding.same, strideWidth: 1, strideHeight: 1, dilationWidth: 1, dilationHeight: 1 };

/** One convolution with a LeakyRelu behind it. */
function networkOf({ height, width, channels, outputs, slope }: Geometry): TfliteModel {
  const out = [1, height, width, outputs];
  const weights = [outputs, 3, 3, channels];
  return {
    description: '',
    tensors: [
      { name: 'x', type: 'float32', dims: [1, height, width, channels] },
      { name: 'w', type: 'float32', dims: weights, data: bytesOf(noise(sizeOf(weights), 3)) },
      { name: 'b', type: 'float32', dims: [outputs], data: bytesOf(noise(outputs, 4)) },
      { name: 'c', type: 'float32', dims: out },
      { name: 'y', type: 'float32', dims: out },
    ],
    nodes: [
      { operator: 'CONV_2D', inputs: [0, 1, 2], outputs: [3], options: same },
      { operator: 'LEAKY_RELU', inputs: [3], outputs: [4], options: { alpha: slope } },
    ],
    inputs: [0],
    outputs: [4],
  };
}

/** The definition, in float64; and the sum of the magnitudes that each result is made of, which rounding errors grow with. */
function convolve(
  { height, width, channels, outputs, slope }: Geometry,
  x: Float32Array,
): { y: Float64Array; magnitudes: Float64Array } {
  const w = Float32Array.from(noise(outputs * 9 * channels, 3));
  const b = Float32Array.from(noise(outputs, 4));
  const y = new Float64Array(height * width * outputs);
  const magnitudes = new Float64Array(height * width * outputs);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      for (let output = 0; output < outputs; output++) {
        let sum = b[output];
        let magnitude = Math.abs(sum);
        for (let cell = 0; cell < 9; cell++) {
          const [r, c] = [row + Math.floor(cell / 3) - 1, column + (cell % 3) - 1];
          if (r < 0 || c < 0 || r >= height || c >= width) continue;
          for (let channel = 0; channel < channels; channel++) {
            const product = x[(r * width + c) * channels + channel] * w[(output * 9 + cell) * channels + channel];
            sum += product;
            magnitude += Math.abs(product);
          }
        }
        const at = (row * width + column) * outputs + output;
        y[at] = sum < 0 ? sum * slope : sum;
        magnitudes[at] = magnitude;
      }
    }
  }
  return { y, magnitudes };
}

/** A network without the bound on its work, as a node of the algorithm. */
function nodeOf(slope: number) {
  return { input: 0, weights: 1, bias: 2, output: 4, slope, nodes: [0, 1] };
}

/** What the kernels make of an image that is even enough for them. */
function computed(kernels: WinogradKernels, nodes: readonly WinogradNode[], x: Float32Array): Float32Array[] {
  const made = kernels.run(nodes, x);
  if (made === undefined) throw new Error('the image was called uneven');
  return made;
}

test('the weights of a cell alone become what G w G^T is by hand', () => {
  // w has 1 in the middle, so that U is the outer product of G's column 1, which is p / N(p) with N(p) = 2 p^2 (p^2 - q^2).
  // p = 5/8, q = 3/2: N = 2 * 25/64 * (25 - 144)/64 = -5950/4096, p / N = -256/595. p = 3/2, q = 5/8: N = 2 * 9/4 * 119/64,
  // p / N = 64/357. N is the same for -p; the points 0 and infinity have 0.
  const weights = new Float32Array(8 * 9 * 4);
  weights[4 * 4] = 1;
  const transformed = transformWeights(weights, 8, 4);
  const column = [0, -256 / 595, 256 / 595, 64 / 357, -64 / 357, 0];
  column.forEach((left, i) => {
    column.forEach((right, j) => {
      expect(transformed[(i * 6 + j) * 32]).toBeCloseTo(left * right, 7);
    });
  });
});

describe.skipIf(!available)('Winograd on litert-wasm (skipped where it is absent)', () => {
  const geometries: Geometry[] = [
    { height: 4, width: 6, channels: 4, outputs: 8, slope: 0.1 },
    { height: 5, width: 7, channels: 8, outputs: 16, slope: 0 },
    { height: 1, width: 1, channels: 4, outputs: 8, slope: 1 },
    { height: 2, width: 43, channels: 12, outputs: 24, slope: 0.25 },
    { height: 3, width: 81, channels: 16, outputs: 8, slope: 1 },
    { height: 17, width: 23, channels: 64, outputs: 16, slope: 0.1 },
  ];

  test.each(geometries)(
    '$height x $width, $channels to $outputs channels, slope $slope: the definition',
    (geometry) => {
      const model = networkOf(geometry);
      const node = nodeOf(geometry.slope);
      const kernels = new WinogradKernels(model, [node]);
      const x = Float32Array.from(noise(sizeOf(model.tensors[0].dims), 9));
      const { y, magnitudes } = convolve(geometry, x);
      for (let run = 0; run < 2; run++) {
        computed(kernels, [node], x)[0].forEach((value, at) => {
          expect(Math.abs(value - y[at])).toBeLessThan(winogradError * magnitudes[at]);
        });
      }
    },
  );

  test('images of several sizes in one memory do not see each other', () => {
    const [small, large] = [geometries[0], { ...geometries[0], height: 9, width: 9 }].map(networkOf);
    const tensors = [...small.tensors, ...large.tensors];
    const nodes = [nodeOf(1), { ...nodeOf(1), input: 5, weights: 6, bias: 7, output: 9 }];
    const kernels = new WinogradKernels({ ...small, tensors }, nodes);
    const images = [small, large].map(({ tensors: [{ dims }] }) => new Float32Array(sizeOf(dims)).fill(1));
    const first = computed(kernels, [nodes[0]], images[0])[0].slice();
    computed(kernels, [nodes[1]], images[1]);
    expect(computed(kernels, [nodes[0]], images[0])[0]).toEqual(first);
  });

  test('two convolutions of one image are each what they are alone', () => {
    const model = networkOf(geometries[1]);
    const pair = [nodeOf(0), { ...nodeOf(1), output: 3 }];
    const x = Float32Array.from(noise(sizeOf(model.tensors[0].dims), 9));
    const together = computed(new WinogradKernels(model, pair), pair, x);
    pair.forEach((node, at) => {
      expect(together[at]).toEqual(computed(new WinogradKernels(model, [node]), [node], x)[0]);
    });
  });

  test('a network is the same with it and without', async () => {
    const geometry = { height: 40, width: 50, channels: 16, outputs: 16, slope: 0.1 };
    const model = networkOf(geometry);
    const runtime = await nodeHost.start();
    const x = Float32Array.from(noise(sizeOf(model.tensors[0].dims), 9));
    const [plain, winograd] = await Promise.all(
      [false, true].map((use) => StagedNetwork.load(runtime, model, 'm', use)),
    );
    expect([plain.convolutions, winograd.convolutions]).toEqual([0, 1]);
    const [expected] = await plain.run([x], 'm');
    const [actual] = await winograd.run([x], 'm');
    expected.forEach((value, at) => {
      expect(Math.abs(actual[at] - value)).toBeLessThan(1e-4);
    });
    plain.dispose();
    winograd.dispose();
  });

  test.each([1e2, 1e4, 1e8, 1e20, Number.POSITIVE_INFINITY])(
    'a cell of magnitude %d leaves results that it has no part in as good as they are without it',
    async (magnitude) => {
      const geometry = { height: 40, width: 50, channels: 16, outputs: 16, slope: 0.1 };
      const model = networkOf(geometry);
      const network = await StagedNetwork.load(await nodeHost.start(), model, 'm');
      const x = Float32Array.from(noise(sizeOf(model.tensors[0].dims), 9));
      x.fill(magnitude, (8 * 50 + 8) * 16, (8 * 50 + 9) * 16);
      const { y, magnitudes } = convolve(geometry, x);
      const [actual] = await network.run([x], 'm');
      // Errors grow with the largest cell of the tile until LiteRT computes the network.
      const bound = winogradError * (magnitude <= 1024 ? magnitude : 1);
      y.forEach((value, at) => {
        const [row, column] = [Math.floor(at / (50 * 16)), Math.floor(at / 16) % 50];
        if (Math.abs(row - 8) <= 1 && Math.abs(column - 8) <= 1) return;
        expect(Math.abs(actual[at] - value)).toBeLessThan(bound * magnitudes[at]);
      });
      network.dispose();
    },
  );
});

describe('an image is uneven', () => {
  /** Levels of an image of 5 x 6 cells, all `level` but for one, with the border: 10 x 10. */
  const levelsOf = (level: number, at: readonly [row: number, column: number], most: number): Float32Array => {
    const levels = new Float32Array(100);
    for (let row = 1; row <= 5; row++) levels.fill(level, row * 10 + 1, row * 10 + 7);
    levels[at[0] * 10 + at[1]] = most;
    return levels;
  };

  test('where the largest cell of a tile is more than 1024 times what surrounds another', () => {
    expect(isUneven(levelsOf(1, [1, 1], 1024), 5, 6, 0)).toBe(false);
    expect(isUneven(levelsOf(1, [1, 1], 1025), 5, 6, 0)).toBe(true);
    expect(isUneven(levelsOf(1, [5, 6], 1025), 5, 6, 0)).toBe(true);
    expect(isUneven(levelsOf(0, [3, 3], 1), 5, 6, 0)).toBe(true);
  });

  test('not where the bias is the larger part of the small results', () => {
    expect(isUneven(levelsOf(1, [1, 1], 4096), 5, 6, 4)).toBe(false);
    expect(isUneven(levelsOf(1, [1, 1], 4097), 5, 6, 4)).toBe(true);
  });

  test('where a cell is not finite', () => {
    expect(isUneven(levelsOf(1, [3, 3], Number.NaN), 5, 6, 0)).toBe(true);
    expect(isUneven(levelsOf(1, [3, 3], Number.POSITIVE_INFINITY), 5, 6, 0)).toBe(true);
  });

  test('not where all of it is 0', () => {
    expect(isUneven(new Float32Array(100), 5, 6, 0)).toBe(false);
  });
});

describe('what Winograd computes', () => {
  const model = networkOf({ height: 40, width: 50, channels: 16, outputs: 16, slope: 0.1 });
  const [conv, leaky] = model.nodes;
  const found = (options: Readonly<Record<string, number>>) =>
    findConvolutions({ ...model, nodes: [{ ...conv, options: { ...same, ...options } }, leaky] });

  test('is a convolution of stride 1 with a border of one cell, with the activation behind it', () => {
    expect(found({})).toEqual([{ input: 0, weights: 1, bias: 2, output: 4, slope: 0.1, nodes: [0, 1] }]);
    expect(found({ activation: tfliteActivation.relu })).toMatchObject([{ output: 3, slope: 0 }]);
    for (const other of [{ strideWidth: 2 }, { dilationHeight: 2 }, { padding: 1 }, { activation: 3 }]) {
      expect(found(other)).toEqual([]);
    }
  });

  test('keeps the activation apart where something else reads the convolution', () => {
    expect(findConvolutions({ ...model, outputs: [3, 4] })).toMatchObject([{ output: 3, slope: 1, nodes: [0] }]);
  });

  test('leaves every other node in exactly one part, before what reads it, in as few parts as the order allows', () => {
    // x -> conv -> leaky -> relu -> conv2 -> y, and z = x + x, which nothing waits for.
    const tensors = [...model.tensors, ...['r', 'y2', 'z'].map((name) => ({ ...model.tensors[4], name }))];
    const nodes = [
      { operator: 'ADD', inputs: [0, 0], outputs: [7] },
      conv,
      leaky,
      { operator: 'RELU', inputs: [4], outputs: [5] },
      { ...conv, inputs: [5, 1, 2], outputs: [6] },
    ];
    const whole = { ...model, tensors, nodes, outputs: [6, 7] };
    const stages = splitNetwork(whole, findConvolutions(whole));
    expect(
      stages.map(({ part, convolutions }) => [part?.model.nodes.map(({ operator }) => operator), convolutions.length]),
    ).toEqual([
      [undefined, 1],
      [['RELU'], 1],
      [['ADD'], 0],
    ]);
    const known = new Set(whole.inputs);
    for (const { part, convolutions } of stages) {
      for (const input of part?.inputs ?? []) expect(known).toContain(input);
      for (const output of part?.outputs ?? []) known.add(output);
      for (const { input } of convolutions) expect(known).toContain(input);
      for (const { output } of convolutions) known.add(output);
    }
    expect([...known]).toEqual(expect.arrayContaining([6, 7]));
  });
});
