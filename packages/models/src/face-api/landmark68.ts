import { type Activation, GraphBuilder } from '../graph/builder.js';
import type { WeightSource } from '../graph/weight-source.js';
import type { OnnxModel } from '../onnx/model.js';
import { faceMean } from './face-mean.js';
import { centredSquareInput } from './square-input.js';
import {
  divideInput,
  type KernelShape,
  sameStride2,
  takeTensorflowConv,
  takeTensorflowDepthwise,
} from './tensorflow-layers.js';

const relu: Activation = { kind: 'relu' };
const none: Activation = { kind: 'none' };

/** Side of the network's input. */
const sidePx = 112;

/** Output channels of the four dense blocks. */
const blockChannels = [32, 64, 128, 256] as const;

/**
 * The 68-point landmark network of @vladmandic/face-api: [N, 68, 2], (x, y) in pixels of the crop as fed.
 *
 * @param source the package's `face_landmark_68_model`.
 * Source: the package's src/faceFeatureExtractor and src/faceLandmarkNet (layer sizes, names, padding).
 */
export function faceApiLandmark68(name: string, source: WeightSource): OnnxModel {
  const graph = new GraphBuilder(name);
  const square = centredSquareInput(graph, sidePx, faceMean);
  let at = square.image;
  let inputs = 3;
  for (const [index, outputs] of blockChannels.entries()) {
    at = denseBlock(graph, source, index, at, { kernel: 3, inputs, outputs });
    inputs = outputs;
  }
  const pooled = graph.node('pool', 'AveragePool', [at], {
    kernel_shape: { kind: 'ints', value: [7, 7] },
    strides: { kind: 'ints', value: [2, 2] },
  });
  const flat = graph.reshape('pool.flat', pooled, [0, inputs]);
  const points = graph.add(
    'fc',
    graph.node('fc.product', 'MatMul', [
      flat,
      graph.floats('fc.weight', [256, 136], source.take('fc/weights', [256, 136], 'weight')),
    ]),
    graph.floats('fc.bias', [136], source.take('fc/bias', [136], 'bias')),
  );
  const inSquare = graph.node('points.inSquare', 'Mul', [graph.reshape('points', points, [0, 68, 2]), square.side]);
  graph.node('landmarks', 'Sub', [inSquare, square.margins]);
  graph.output('landmarks', ['batch', 68, 2]);
  return graph.build();
}

/** Four convolutions, each fed the sum of all before it; the first halves the map. */
function denseBlock(
  graph: GraphBuilder,
  source: WeightSource,
  index: number,
  input: string,
  shape: KernelShape,
): string {
  const { outputs } = shape;
  const block = `dense${index}`;
  const first =
    index === 0
      ? graph.conv(
          `${block}/conv0`,
          input,
          divideInput(takeTensorflowConv(source, `${block}/conv0/filters`, `${block}/conv0/bias`, shape)),
          { stride: 2, pad: sameStride2 },
          relu,
        )
      : graph.activate(separable(graph, source, `${block}/conv0`, input, shape, 2), relu);
  let sum = first;
  let at = first;
  for (let layer = 1; layer <= 3; layer++) {
    const name = `${block}/conv${layer}`;
    const output = separable(graph, source, name, at, { kernel: 3, inputs: outputs, outputs }, 1);
    sum = graph.add(`${name}.sum`, sum, output);
    at = graph.activate(sum, relu);
  }
  return at;
}

function separable(
  graph: GraphBuilder,
  source: WeightSource,
  name: string,
  input: string,
  { inputs, outputs }: KernelShape,
  stride: 1 | 2,
): string {
  const filter = takeTensorflowDepthwise(source, `${name}/depthwise_filter`, inputs);
  const options = { stride, pad: stride === 2 ? sameStride2 : 1, groups: inputs };
  const filtered = graph.conv(`${name}.depthwise`, input, filter, options, none);
  const mix = takeTensorflowConv(source, `${name}/pointwise_filter`, `${name}/bias`, { kernel: 1, inputs, outputs });
  return graph.conv(`${name}.pointwise`, filtered, mix, {}, none);
}
