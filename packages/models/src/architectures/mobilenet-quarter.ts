import type { Activation, GraphBuilder } from '../graph/builder.js';
import type { WeightSource } from '../graph/weight-source.js';
import { convNorm, depthwiseSeparable } from './blocks.js';

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
