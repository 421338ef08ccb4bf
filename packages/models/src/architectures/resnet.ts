import type { Activation, GraphBuilder } from '../graph/builder.js';
import { takeConvNorm } from '../graph/torch-layers.js';
import type { WeightSource } from '../graph/weight-source.js';
import type { FeatureMap } from './pyramid.js';

const relu: Activation = { kind: 'relu' };
const none: Activation = { kind: 'none' };

/** Blocks of each of the four stages. */
export const resnetStages = { 50: [3, 4, 6, 3], 152: [3, 8, 36, 3] } as const;

/** Width inside the blocks of each stage; they end four times as wide. */
const widths = [64, 128, 256, 512] as const;
const expansion = 4;

/**
 * A ResNet of bottleneck blocks, the stride in their 3 x 3 convolution, without its classifier.
 *
 * @returns the maps after each stage, C2 to C5, strides 4 to 32, with 256 to 2,048 channels.
 * Source: arXiv:1512.03385, table 1; tensor names of torchvision under `body.`.
 */
export function resnet(
  graph: GraphBuilder,
  source: WeightSource,
  input: string,
  stages: readonly [number, number, number, number],
): FeatureMap[] {
  const stem = takeConvNorm(source, 'body.conv1', 'body.bn1', [64, 3, 7, 7]);
  let at = graph.node('body.maxpool', 'MaxPool', [graph.conv('body.conv1', input, stem, { stride: 2, pad: 3 }, relu)], {
    kernel_shape: { kind: 'ints', value: [3, 3] },
    strides: { kind: 'ints', value: [2, 2] },
    pads: { kind: 'ints', value: [1, 1, 1, 1] },
  });
  let inputs = 64;
  return stages.map((blocks, stage) => {
    const width = widths[stage] as number;
    for (let block = 0; block < blocks; block++) {
      const stride = stage > 0 && block === 0 ? 2 : 1;
      at = bottleneck(graph, source, `body.layer${stage + 1}.${block}`, at, { inputs, width, stride });
      inputs = width * expansion;
    }
    return { value: at, channels: inputs };
  });
}

function bottleneck(
  graph: GraphBuilder,
  source: WeightSource,
  name: string,
  input: string,
  shape: { readonly inputs: number; readonly width: number; readonly stride: number },
): string {
  const { inputs, width, stride } = shape;
  const outputs = width * expansion;
  const narrow = takeConvNorm(source, `${name}.conv1`, `${name}.bn1`, [width, inputs, 1, 1]);
  const narrowed = graph.conv(`${name}.conv1`, input, narrow, {}, relu);
  const filter = takeConvNorm(source, `${name}.conv2`, `${name}.bn2`, [width, width, 3, 3]);
  const filtered = graph.conv(`${name}.conv2`, narrowed, filter, { stride, pad: 1 }, relu);
  const widen = takeConvNorm(source, `${name}.conv3`, `${name}.bn3`, [outputs, width, 1, 1], 'norm-scale-residual');
  const widened = graph.conv(`${name}.conv3`, filtered, widen, {}, none);
  return graph.activate(graph.add(`${name}.sum`, widened, shortcut()), relu);

  /** The input itself, or a 1 x 1 convolution of it where the block changes its size. */
  function shortcut(): string {
    if (inputs === outputs && stride === 1) return input;
    const weights = takeConvNorm(source, `${name}.downsample.0`, `${name}.downsample.1`, [outputs, inputs, 1, 1]);
    return graph.conv(`${name}.downsample.0`, input, weights, { stride }, none);
  }
}
