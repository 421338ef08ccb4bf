import type { Activation, GraphBuilder } from '../graph/builder.js';
import { takeConvNorm } from '../graph/torch-layers.js';
import type { WeightSource } from '../graph/weight-source.js';

/** Channels in and out of a block, and its stride. */
export interface BlockShape {
  readonly inputs: number;
  readonly outputs: number;
  readonly stride: number;
}

/**
 * Convolution, batch normalisation, activation, as the public ports lay them out (`<name>.0`, `<name>.1`).
 *
 * @param kernel side length, odd; padded so that the map is ceil(size / stride).
 */
export function convNorm(
  graph: GraphBuilder,
  source: WeightSource,
  name: string,
  input: string,
  shape: BlockShape & { readonly kernel: number },
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
  shape: BlockShape,
  activation: Activation,
): string {
  const { inputs, outputs, stride } = shape;
  const depthwise = takeConvNorm(source, `${name}.0`, `${name}.1`, [inputs, 1, 3, 3]);
  const filtered = graph.conv(`${name}.0`, input, depthwise, { stride, pad: 1, groups: inputs }, activation);
  const pointwise = takeConvNorm(source, `${name}.3`, `${name}.4`, [outputs, inputs, 1, 1]);
  return graph.conv(`${name}.3`, filtered, pointwise, {}, activation);
}
