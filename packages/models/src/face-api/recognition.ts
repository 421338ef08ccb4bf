import { type Activation, type ConvOptions, GraphBuilder } from '../graph/builder.js';
import { type ConvWeights, foldBatchNorm } from '../graph/conv-weights.js';
import type { WeightSource } from '../graph/weight-source.js';
import type { OnnxModel } from '../onnx/model.js';
import { faceMean } from './face-mean.js';
import { centredSquareInput } from './square-input.js';
import { divideInput, type KernelShape, takeTensorflowConv } from './tensorflow-layers.js';

const relu: Activation = { kind: 'relu' };
const none: Activation = { kind: 'none' };

/** Side of the network's input. */
const sidePx = 150;

/** A residual block: `down` halves the map and widens it to `channels`; `short` says that the map ends one cell short. */
interface Block {
  readonly name: string;
  readonly channels: number;
  readonly down?: boolean;
  readonly short?: boolean;
}

/** The blocks after the first pooling; maps have sides 35, 17, 8, 4 (3 + 1) and 2 (1 + 1). */
const blocks: readonly Block[] = [
  { name: 'conv32_1', channels: 32 },
  { name: 'conv32_2', channels: 32 },
  { name: 'conv32_3', channels: 32 },
  { name: 'conv64_down', channels: 64, down: true },
  { name: 'conv64_1', channels: 64 },
  { name: 'conv64_2', channels: 64 },
  { name: 'conv64_3', channels: 64 },
  { name: 'conv128_down', channels: 128, down: true },
  { name: 'conv128_1', channels: 128 },
  { name: 'conv128_2', channels: 128 },
  { name: 'conv256_down', channels: 256, down: true, short: true },
  { name: 'conv256_1', channels: 256 },
  { name: 'conv256_2', channels: 256 },
  { name: 'conv256_down_out', channels: 256, down: true, short: true },
];

/**
 * The 128-dimensional recognition network of @vladmandic/face-api, a ResNet of dlib's: [N, 128], not normalised.
 *
 * @param source the package's `face_recognition_model`.
 * Source: the package's src/faceRecognitionNet (layer sizes, names, padding).
 */
export function faceApiRecognition(name: string, source: WeightSource): OnnxModel {
  const graph = new GraphBuilder(name);
  const { image } = centredSquareInput(graph, sidePx, faceMean);
  const first = { kernel: 7, inputs: 3, outputs: 32 };
  const stem = graph.conv(
    'conv32_down',
    image,
    divideInput(scaledConv(source, 'conv32_down', first)),
    { stride: 2 },
    relu,
  );
  let at = graph.node('pool', 'MaxPool', [stem], {
    kernel_shape: { kind: 'ints', value: [3, 3] },
    strides: { kind: 'ints', value: [2, 2] },
  });
  let inputs = 32;
  for (const block of blocks) {
    at = residual(graph, source, block, at, inputs);
    inputs = block.channels;
  }
  const pooled = graph.reshape('pool.flat', graph.node('pool.mean', 'GlobalAveragePool', [at]), [0, inputs]);
  const weight = graph.floats('fc.weight', [256, 128], source.take('fc', [256, 128], 'weight'));
  graph.node('descriptor', 'MatMul', [pooled, weight]);
  graph.output('descriptor', ['batch', 128]);
  return graph.build();
}

function residual(graph: GraphBuilder, source: WeightSource, block: Block, input: string, inputs: number): string {
  const { name, channels, down = false, short = false } = block;
  const take = (part: string, from: number): ConvWeights =>
    scaledConv(source, `${name}/${part}`, { kernel: 3, inputs: from, outputs: channels });
  const reduce: ConvOptions = down ? { stride: 2 } : { pad: 1 };
  const first = graph.conv(`${name}/conv1`, input, take('conv1', inputs), reduce, relu);
  const second = graph.conv(`${name}/conv2`, first, take('conv2', channels), { pad: 1 }, none);
  if (!down) return graph.activate(graph.add(`${name}/sum`, second, input), relu);
  const pooled = graph.node(`${name}/pool`, 'AveragePool', [input], {
    kernel_shape: { kind: 'ints', value: [2, 2] },
    strides: { kind: 'ints', value: [2, 2] },
  });
  // Zeros stand for the channels that the shorter path lacks, and for the row and column that the other one lacks.
  const wide = channels === inputs ? pooled : zeros(graph, `${name}/wide`, pooled, [0, channels - inputs, 0, 0]);
  const whole = short ? zeros(graph, `${name}/whole`, second, [0, 0, 1, 1]) : second;
  return graph.activate(graph.add(`${name}/sum`, wide, whole), relu);
}

/** Zeros after the end of each axis. */
function zeros(graph: GraphBuilder, name: string, input: string, counts: readonly number[]): string {
  return graph.node(name, 'Pad', [input, graph.ints([0, 0, 0, 0, ...counts])]);
}

/** A convolution with bias and the scale and shift per channel that follow it, as one. */
function scaledConv(source: WeightSource, name: string, shape: KernelShape): ConvWeights {
  const { dims, weight, bias } = takeTensorflowConv(source, `${name}/conv/filters`, `${name}/conv/bias`, shape);
  const channels = [shape.outputs];
  return foldBatchNorm(
    dims,
    weight,
    {
      scale: source.take(`${name}/scale/weights`, channels, 'norm-scale'),
      shift: source.take(`${name}/scale/biases`, channels, 'norm-shift'),
      mean: new Float32Array(shape.outputs),
      variance: new Float32Array(shape.outputs).fill(1),
      epsilon: 0,
    },
    bias,
  );
}
