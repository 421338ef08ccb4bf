import { flattenCells } from '../architectures/heads.js';
import { type Activation, GraphBuilder } from '../graph/builder.js';
import type { WeightSource } from '../graph/weight-source.js';
import type { OnnxModel } from '../onnx/model.js';
import { squareInput } from './square-input.js';
import { takeTensorflowConv, takeTensorflowDepthwise } from './tensorflow-layers.js';

/** Side of the square that the package resizes to unless told otherwise, and cells along it. */
const sidePx = 416;
const cells = 13;

const leaky: Activation = { kind: 'leaky-relu', slope: 0.1 };

/** Mean of red, green and blue that the network was trained with. */
const mean = [117.001, 114.697, 97.404] as const;

/** Width and height of the anchors, in cells. */
const anchors = [
  [1.603231, 2.094468],
  [6.041143, 7.080126],
  [2.882459, 3.518061],
  [4.266906, 5.178857],
  [9.041765, 10.66308],
] as const;

/** Output channels of the convolutions, the first full, the rest depthwise-separable. */
const channels = [16, 32, 64, 128, 256, 512] as const;

/**
 * The tiny face detector of @vladmandic/face-api, a YOLO v2 of separable convolutions: scores [N, 845] after the sigmoid
 * and corner boxes [N, 845, 4] in pixels of the image as fed.
 *
 * The mean, which the package subtracts before its first convolution, is folded into that convolution's bias: it has no
 * padding, so this is exact.
 *
 * @param source the package's `tiny_face_detector_model`.
 * Source: arXiv:1612.08242; layer sizes, names, anchors and decoding of the package's src/tinyYolov2.
 */
export function faceApiTinyDetector(name: string, source: WeightSource): OnnxModel {
  const graph = new GraphBuilder(name);
  const { image, boxScale } = squareInput(graph, sidePx, 0);
  let at = firstConv(graph, source, image);
  for (let layer = 1; layer < channels.length; layer++) {
    at = pool(graph, `pool${layer}`, at, 2);
    const inputs = channels[layer - 1] as number;
    const outputs = channels[layer] as number;
    const filter = takeTensorflowDepthwise(source, `conv${layer}/depthwise_filter`, inputs);
    const filtered = graph.conv(`conv${layer}.depthwise`, at, filter, { pad: 1, groups: inputs }, { kind: 'none' });
    const shape = { kernel: 1, inputs, outputs };
    const mix = takeTensorflowConv(source, `conv${layer}/pointwise_filter`, `conv${layer}/bias`, shape);
    at = graph.conv(`conv${layer}.pointwise`, filtered, mix, {}, leaky);
  }
  at = pool(graph, 'pool6', at, 1);
  const shape = { kernel: 1, inputs: 512, outputs: 5 * anchors.length };
  const prediction = takeTensorflowConv(source, 'conv8/filters', 'conv8/bias', shape);
  const raw = graph.conv('conv8', at, prediction, {}, { kind: 'none' });
  decode(graph, flattenCells(graph, raw, 5), boxScale);
  return graph.build();
}

function firstConv(graph: GraphBuilder, source: WeightSource, image: string): string {
  const shape = { kernel: 3, inputs: 3, outputs: channels[0] };
  const { dims, weight, bias } = takeTensorflowConv(source, 'conv0/filters', 'conv0/bias', shape);
  const shifted = bias.map((value, output) => {
    let sum = 0;
    for (let at = 0; at < 27; at++) sum += (weight[output * 27 + at] as number) * (mean[Math.floor(at / 9)] as number);
    return value - sum / 255;
  });
  return graph.conv('conv0', image, { dims, weight: weight.map((value) => value / 255), bias: shifted }, {}, leaky);
}

/** TensorFlow's `same` pooling of 2 x 2: a last column that does not fill a window gets one of its own. */
function pool(graph: GraphBuilder, name: string, input: string, stride: 1 | 2): string {
  return graph.node(name, 'MaxPool', [input], {
    kernel_shape: { kind: 'ints', value: [2, 2] },
    strides: { kind: 'ints', value: [stride, stride] },
    pads: { kind: 'ints', value: [0, 0, 1, 1] },
  });
}

function decode(graph: GraphBuilder, cellsOf: string, boxScale: string): void {
  const count = cells * cells * anchors.length;
  graph.split('cells.split', cellsOf, 2, [
    { name: 'centreLogits', size: 2 },
    { name: 'sizeLogits', size: 2 },
    { name: 'scoreLogits', size: 1 },
  ]);
  const corners: number[] = [];
  const halves: number[] = [];
  for (let row = 0; row < cells; row++) {
    for (let column = 0; column < cells; column++) {
      for (const [width, height] of anchors) {
        corners.push(column / cells, row / cells);
        halves.push(width / cells / 2, height / cells / 2);
      }
    }
  }
  const constant = (name: string, values: number[]): string =>
    graph.floats(name, [1, count, 2], Float32Array.from(values));
  const within = graph.node('centre.within', 'Mul', [
    graph.node('centre.sigmoid', 'Sigmoid', ['centreLogits']),
    graph.floats('cell', [], Float32Array.of(1 / cells)),
  ]);
  const centre = graph.add('centre', within, constant('cell.corners', corners));
  const half = graph.node('size.half', 'Mul', [
    graph.node('size.exp', 'Exp', ['sizeLogits']),
    constant('anchor.halves', halves),
  ]);
  const boxes = graph.concat(
    'corners',
    [graph.node('corners.low', 'Sub', [centre, half]), graph.add('corners.high', centre, half)],
    2,
  );
  graph.node('boxes', 'Mul', [boxes, boxScale]);
  graph.reshape('scores', graph.node('scores.sigmoid', 'Sigmoid', ['scoreLogits']), [0, -1]);
  graph.output('scores', ['batch', count]);
  graph.output('boxes', ['batch', count, 4]);
}
