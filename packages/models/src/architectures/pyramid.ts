import type { Activation, GraphBuilder } from '../graph/builder.js';
import { takeConvNorm } from '../graph/torch-layers.js';
import type { WeightSource } from '../graph/weight-source.js';
import { convNorm } from './blocks.js';

/** A feature map with its number of channels. */
export interface FeatureMap {
  readonly value: string;
  readonly channels: number;
}

/**
 * The feature pyramid of the public port: 1 x 1 laterals, a top-down path resized, nearest, to each lateral's exact
 * size, and a 3 x 3 convolution after each sum.
 *
 * @param maps     of the backbone, fine to coarse, with their channels.
 * @param channels of every output.
 * @returns the merged maps, fine to coarse.
 * Source: arXiv:1612.03144, section 3; tensor names of the public PyTorch port.
 */
export function featurePyramid(
  graph: GraphBuilder,
  source: WeightSource,
  maps: readonly FeatureMap[],
  channels: number,
  activation: Activation,
): string[] {
  const merged = maps.map(({ value, channels: inputs }, level) =>
    convNorm(
      graph,
      source,
      `fpn.output${level + 1}`,
      value,
      { inputs, outputs: channels, kernel: 1, stride: 1 },
      activation,
    ),
  );
  for (let level = maps.length - 2; level >= 0; level--) {
    const lateral = merged[level] as string;
    const upper = graph.resizeLike(`fpn.up${level + 2}`, merged[level + 1] as string, lateral);
    const sum = graph.add(`fpn.sum${level + 1}`, lateral, upper);
    merged[level] = convNorm(
      graph,
      source,
      `fpn.merge${level + 1}`,
      sum,
      { inputs: channels, outputs: channels, kernel: 3, stride: 1 },
      activation,
    );
  }
  return merged;
}

/**
 * An SSH context module: branches of 3 x 3, 5 x 5 and 7 x 7 reach, the larger two as stacked 3 x 3 convolutions that
 * share their first, concatenated to the width of the input.
 *
 * The ReLU that the port applies after the concatenation is applied to each branch before it, where it fuses.
 *
 * Source: arXiv:1708.03979, section 3.2; tensor names of the public PyTorch port (`conv7x7_3` in lower case is its own).
 */
export function contextModule(
  graph: GraphBuilder,
  source: WeightSource,
  name: string,
  input: string,
  channels: number,
  activation: Activation,
): string {
  const branch = (part: string, from: string, inputs: number, outputs: number, after: Activation): string => {
    const weights = takeConvNorm(source, `${name}.${part}.0`, `${name}.${part}.1`, [outputs, inputs, 3, 3]);
    return graph.conv(`${name}.${part}.0`, from, weights, { pad: 1 }, after);
  };
  const [half, quarter] = [channels / 2, channels / 4];
  const relu: Activation = { kind: 'relu' };
  const reach3 = branch('conv3X3', input, channels, half, relu);
  const shared = branch('conv5X5_1', input, channels, quarter, activation);
  const reach5 = branch('conv5X5_2', shared, quarter, quarter, relu);
  const middle = branch('conv7X7_2', shared, quarter, quarter, activation);
  const reach7 = branch('conv7x7_3', middle, quarter, quarter, relu);
  return graph.concat(`${name}.context`, [reach3, reach5, reach7], 1);
}
