import { flattenCells } from '../architectures/heads.js';
import { type Activation, GraphBuilder } from '../graph/builder.js';
import { type ConvWeights, foldBatchNorm, interleaveConvs } from '../graph/conv-weights.js';
import type { WeightSource } from '../graph/weight-source.js';
import type { OnnxModel } from '../onnx/model.js';
import { pickOutputs } from './pick-outputs.js';
import { type SquareInput, squareInput } from './square-input.js';
import { sameStride2, takeTensorflowConv, takeTensorflowDepthwise } from './tensorflow-layers.js';

/** Side of the square that the network was trained on. */
const sidePx = 512;

/** Of the batch normalisation after each depthwise convolution. */
const epsilon = 0.0010000000474974513;

const relu6: Activation = { kind: 'relu6' };

/** Output channels and stride of the thirteen depthwise-separable blocks (arXiv:1704.04861, table 1). */
const blocks: readonly (readonly [channels: number, stride: 1 | 2])[] = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
];

/** The block after which the first head reads. */
const firstHeadBlock = 11;

/** Kernel, output channels and stride of the eight extra convolutions; the heads read after every second. */
const extras: readonly (readonly [kernel: 1 | 3, channels: number, stride: 1 | 2])[] = [
  [1, 256, 1],
  [3, 512, 2],
  [1, 128, 1],
  [3, 256, 2],
  [1, 128, 1],
  [3, 256, 2],
  [1, 64, 1],
  [3, 128, 2],
];

/** Number of anchors of all heads: 32^2 x 3 + (16^2 + 8^2 + 4^2 + 2^2 + 1) x 6. */
const anchorCount = 5118;

/** Classes of a head: background, face and one that is never used. */
const classes = 3;

/**
 * The SSD face detector on MobileNet of @vladmandic/face-api: scores [N, 5118] after the sigmoid and corner boxes
 * [N, 5118, 4] in pixels of the image as fed, clipped to its square.
 *
 * @param source the package's `ssd_mobilenetv1_model`.
 * Source: arXiv:1512.02325; layer sizes, names and decoding of the package's src/ssdMobilenetv1.
 */
export function faceApiSsdMobilenet(name: string, source: WeightSource): OnnxModel {
  const graph = new GraphBuilder(name);
  const input = squareInput(graph, sidePx, -1);
  const { maps, last, channels } = backbone(graph, source, input.image);
  let at = last;
  let inputs = channels;
  for (const [index, [kernel, outputs, stride]] of extras.entries()) {
    at = pointwise(graph, source, `Prediction/Conv2d_${index}_pointwise`, at, { kernel, inputs, outputs }, stride);
    inputs = outputs;
    if (index % 2 === 1) maps.push({ value: at, channels: outputs });
  }
  const heads = maps.map((map, level) => head(graph, source, level, map));
  decode(graph, source, graph.concat('heads', heads, 1), input);
  return graph.build();
}

interface FeatureMap {
  readonly value: string;
  readonly channels: number;
}

function backbone(
  graph: GraphBuilder,
  source: WeightSource,
  image: string,
): { maps: FeatureMap[]; last: string; channels: number } {
  const first = { kernel: 3, inputs: 3, outputs: 32 };
  let at = pointwise(graph, source, 'MobilenetV1/Conv2d_0_pointwise', image, first, 2);
  let inputs = 32;
  const maps: FeatureMap[] = [];
  for (const [index, [outputs, stride]] of blocks.entries()) {
    const block = `MobilenetV1/Conv2d_${index + 1}`;
    const weights = depthwise(source, `${block}_depthwise`, inputs);
    const options = { stride, pad: stride === 2 ? sameStride2 : 1, groups: inputs };
    const filtered = graph.conv(`${block}_depthwise`, at, weights, options, relu6);
    at = pointwise(graph, source, `${block}_pointwise`, filtered, { kernel: 1, inputs, outputs }, 1);
    inputs = outputs;
    if (index + 1 === firstHeadBlock) maps.push({ value: at, channels: outputs });
  }
  maps.push({ value: at, channels: inputs });
  return { maps, last: at, channels: inputs };
}

function depthwise(source: WeightSource, name: string, channels: number): ConvWeights {
  const { dims, weight } = takeTensorflowDepthwise(source, `${name}/depthwise_weights`, channels);
  return foldBatchNorm(dims, weight, {
    scale: source.take(`${name}/BatchNorm/gamma`, [channels], 'norm-scale'),
    shift: source.take(`${name}/BatchNorm/beta`, [channels], 'norm-shift'),
    mean: source.take(`${name}/BatchNorm/moving_mean`, [channels], 'norm-mean'),
    variance: source.take(`${name}/BatchNorm/moving_variance`, [channels], 'norm-variance'),
    epsilon,
  });
}

/** A full convolution (the package calls every one pointwise) and its ReLU6. */
function pointwise(
  graph: GraphBuilder,
  source: WeightSource,
  name: string,
  input: string,
  shape: { readonly kernel: number; readonly inputs: number; readonly outputs: number },
  stride: 1 | 2,
): string {
  const weights = takeTensorflowConv(source, `${name}/weights`, `${name}/convolution_bn_offset`, shape);
  const pad = shape.kernel === 1 ? 0 : stride === 2 ? sameStride2 : 1;
  return graph.conv(name, input, weights, { stride, pad }, relu6);
}

/** Score logit, then x, y, width and height offsets of each anchor of a map, as [N, anchors, 5]. */
function head(graph: GraphBuilder, source: WeightSource, level: number, { value, channels }: FeatureMap): string {
  const anchors = level === 0 ? 3 : 6;
  const predictor = `Prediction/BoxPredictor_${level}`;
  const take = (kind: string, values: number): ConvWeights =>
    takeTensorflowConv(source, `${predictor}/${kind}/weights`, `${predictor}/${kind}/biases`, {
      kernel: 1,
      inputs: channels,
      outputs: anchors * values,
    });
  // The package orders offsets y, x, height, width.
  const offsets = pickOutputs(
    take('BoxEncodingPredictor', 4),
    (output) => [1, 0, 3, 2].map((at) => output * 4 + at),
    anchors,
  );
  const logits = pickOutputs(take('ClassPredictor', classes), (output) => [output * classes + 1], anchors);
  const raw = graph.conv(predictor, value, interleaveConvs([logits, offsets], [1, 4]), {}, { kind: 'none' });
  return flattenCells(graph, raw, 5);
}

function decode(graph: GraphBuilder, source: WeightSource, heads: string, { boxScale }: SquareInput): void {
  const { centres, halfSizes, sizes } = anchorConstants(source);
  graph.split('heads.split', heads, 2, [
    { name: 'logits', size: 1 },
    { name: 'centreOffsets', size: 2 },
    { name: 'sizeOffsets', size: 2 },
  ]);
  const constant = (name: string, values: Float32Array): string => graph.floats(name, [1, anchorCount, 2], values);
  // Variances 0.1 and 0.2: the package divides by 10 and by 5.
  const centre = graph.add(
    'centre',
    graph.node('centre.scaled', 'Mul', [
      'centreOffsets',
      constant(
        'anchor.tenths',
        sizes.map((size) => size / 10),
      ),
    ]),
    constant('anchor.centres', centres),
  );
  const exponent = graph.node('size.exponent', 'Mul', [
    'sizeOffsets',
    graph.floats('size.variance', [], Float32Array.of(0.2)),
  ]);
  const half = graph.node('size.half', 'Mul', [
    graph.node('size.exp', 'Exp', [exponent]),
    constant('anchor.halves', halfSizes),
  ]);
  const corners = graph.concat(
    'corners',
    [graph.node('corners.low', 'Sub', [centre, half]), graph.add('corners.high', centre, half)],
    2,
  );
  const clipped = graph.node('corners.clipped', 'Clip', [
    corners,
    graph.floats('zero', [], Float32Array.of(0)),
    graph.floats('one', [], Float32Array.of(1)),
  ]);
  graph.node('boxes', 'Mul', [clipped, boxScale]);
  graph.reshape('scores', graph.node('scores.sigmoid', 'Sigmoid', ['logits']), [0, -1]);
  graph.output('scores', ['batch', anchorCount]);
  graph.output('boxes', ['batch', anchorCount, 4]);
}

/** The package's anchors, (y1, x1, y2, x2) as fractions of the square, as (x, y) centres and (w, h) sizes. */
function anchorConstants(source: WeightSource): {
  centres: Float32Array;
  sizes: Float32Array;
  halfSizes: Float32Array;
} {
  const corners = source.take('Output/extra_dim', [1, anchorCount, 4], 'constant');
  const centres = new Float32Array(anchorCount * 2);
  const sizes = new Float32Array(anchorCount * 2);
  for (let anchor = 0; anchor < anchorCount; anchor++) {
    for (const axis of [0, 1]) {
      const low = corners[anchor * 4 + 1 - axis] as number;
      const size = (corners[anchor * 4 + 3 - axis] as number) - low;
      sizes[anchor * 2 + axis] = size;
      centres[anchor * 2 + axis] = low + size / 2;
    }
  }
  return { centres, sizes, halfSizes: sizes.map((size) => size / 2) };
}
