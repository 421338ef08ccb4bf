import type { Activation, GraphBuilder } from '../graph/builder.js';
import { takeConvNorm } from '../graph/torch-layers.js';
import type { WeightSource } from '../graph/weight-source.js';

/**
 * Convolution, batch normalisation, activation, as the public ports lay them out (`<name>.0`, `<name>.1`).
 *
 * @param kernel side length; padded so that the map is ceil(size / stride).
 */
export function convNorm(
  graph: GraphBuilder,
  source: WeightSource,
  name: string,
  input: string,
  shape: { readonly inputs: number; readonly outputs: number; readonly kernel: number; readonly stride: number },
  activation: Activation,
): string {
  const { inputs, outputs, kernel, stride } = shape;
  const weights = takeConvNorm(source, `${name}.0`, `${name}.1`, [outputs, inputs, kernel, kernel]);
  return graph.conv(`${name}.0`, input, weights, { stride, pad: (kernel - 1) / 2 }, activation);
}

/**
 * A depthwise 3 x 3 and a pointwise convolution, each normalised and activated (`<name>.0`, `.1`, `.3`, `.4`).
 *
 * Source: arXiv:1704.04861, section 3.1.
 */
export function depthwiseSeparable(
  graph: GraphBuilder,
  source: WeightSource,
  name: string,
  input: string,
  shape: { readonly inputs: number; readonly outputs: number; readonly stride: number },
  activation: Activation,
): string {
  const { inputs, outputs, stride } = shape;
  const depthwise = takeConvNorm(source, `${name}.0`, `${name}.1`, [inputs, 1, 3, 3]);
  const filtered = graph.conv(`${name}.0`, input, depthwise, { stride, pad: 1, groups: inputs }, activation);
  const pointwise = takeConvNorm(source, `${name}.3`, `${name}.4`, [outputs, inputs, 1, 1]);
  return graph.conv(`${name}.3`, filtered, pointwise, {}, activation);
}

/** Output channels and stride of each block, by stage; the first block of the first stage is an ordinary convolution. */
const stages: readonly (readonly (readonly [channels: number, stride: number])[])[] = [
  [
    [8, 2],
    [16, 1],
    [32, 2],
    [32, 1],
    [64, 2],
    [64, 1],
  ],
  [
    [128, 2],
    [128, 1],
    [128, 1],
    [128, 1],
    [128, 1],
    [128, 1],
  ],
  [
    [256, 2],
    [256, 1],
  ],
];

/**
 * The MobileNet backbone at a quarter of its width.
 *
 * @returns the maps at strides 8, 16 and 32, with 64, 128 and 256 channels.
 * Source: arXiv:1704.04861, table 1 with width multiplier 0.25; tensor names of the public PyTorch port.
 */
export function mobilenetQuarter(
  graph: GraphBuilder,
  source: WeightSource,
  input: string,
  activation: Activation,
): [string, string, string] {
  let at = input;
  let inputs = 3;
  const maps = stages.map((blocks, stage) => {
    for (const [block, [outputs, stride]] of blocks.entries()) {
      const name = `body.stage${stage + 1}.${block}`;
      at =
        stage === 0 && block === 0
          ? convNorm(graph, source, name, at, { inputs, outputs, kernel: 3, stride }, activation)
          : depthwiseSeparable(graph, source, name, at, { inputs, outputs, stride }, activation);
      inputs = outputs;
    }
    return at;
  });
  return maps as [string, string, string];
}
