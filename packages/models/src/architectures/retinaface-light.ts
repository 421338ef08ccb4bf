import { type Activation, GraphBuilder } from '../graph/builder.js';
import { takeConv } from '../graph/torch-layers.js';
import type { WeightSource } from '../graph/weight-source.js';
import type { OnnxModel } from '../onnx/model.js';
import { convNorm, depthwiseSeparable } from './blocks.js';
import { declareHeadOutputs, flattenCells, headOutputs, valuesPerAnchor } from './heads.js';
import { receptiveFieldBlock } from './receptive-field-block.js';

const relu: Activation = { kind: 'relu' };

/** Output channels and stride of blocks 2 to 13; maps are taken after blocks 8, 11 and 13. */
const blocks: readonly (readonly [channels: number, stride: number])[] = [
  [32, 1],
  [32, 2],
  [32, 1],
  [64, 2],
  [64, 1],
  [64, 1],
  [64, 1],
  [128, 2],
  [128, 1],
  [128, 1],
  [256, 2],
  [256, 1],
];

/** Channels and anchors per cell of the four maps, strides 8 to 64. */
const levels = [
  { channels: 64, anchorsPerCell: 3 },
  { channels: 128, anchorsPerCell: 2 },
  { channels: 256, anchorsPerCell: 2 },
  { channels: 256, anchorsPerCell: 3 },
] as const;

/** Names of the heads in the public checkpoints. */
const headNames = { scores: 'conf', boxes: 'loc', landmarks: 'landm' } as const;

/**
 * The "1 MB" detectors with landmarks: a plain stack of depthwise-separable blocks with heads at strides 8, 16, 32 and
 * 64, no top-down path.
 *
 * @param eighth what block 8 is: depthwise-separable in `slim`, a receptive field block in `rfb`.
 * Source: layer sizes and tensor names of the public Face-Detector-1MB-with-landmark (net_slim.py, net_rfb.py).
 */
export function retinafaceLight(
  name: string,
  source: WeightSource,
  eighth: 'separable' | 'receptive-field',
): OnnxModel {
  const graph = new GraphBuilder(name);
  const image = graph.input('input', ['batch', 3, 'height', 'width']);
  let at = convNorm(graph, source, 'conv1', image, { inputs: 3, outputs: 16, kernel: 3, stride: 2 }, relu);
  let inputs = 16;
  const maps: string[] = [];
  for (const [index, [outputs, stride]] of blocks.entries()) {
    const block = index + 2;
    at =
      block === 8 && eighth === 'receptive-field'
        ? receptiveFieldBlock(graph, source, 'conv8', at, outputs)
        : depthwiseSeparable(graph, source, `conv${block}`, at, { inputs, outputs, stride }, relu);
    inputs = outputs;
    if (block === 8 || block === 11 || block === 13) maps.push(at);
  }
  maps.push(coarsestMap(graph, source, at));
  for (const kind of ['scores', 'boxes', 'landmarks'] as const) {
    const values = valuesPerAnchor[kind];
    const flat = maps.map((map, level) =>
      flattenCells(graph, head(graph, source, `${headNames[kind]}.${level}`, map, level, values), values),
    );
    graph.concat(headOutputs[kind], flat, 1);
  }
  declareHeadOutputs(graph);
  return graph.build();
}

/** The map at stride 64: narrowed, filtered at stride 2 and widened again. */
function coarsestMap(graph: GraphBuilder, source: WeightSource, input: string): string {
  const narrow = graph.conv('conv14.0', input, takeConv(source, 'conv14.0', [64, 256, 1, 1]), {}, relu);
  const filter = takeConv(source, 'conv14.2.0', [64, 1, 3, 3]);
  const filtered = graph.conv('conv14.2.0', narrow, filter, { stride: 2, pad: 1, groups: 64 }, relu);
  return graph.conv('conv14.2.2', filtered, takeConv(source, 'conv14.2.2', [256, 64, 1, 1]), {}, relu);
}

/** A head: depthwise-separable on the first three maps, a full 3 x 3 convolution on the last. */
function head(
  graph: GraphBuilder,
  source: WeightSource,
  name: string,
  map: string,
  level: number,
  values: number,
): string {
  const { channels, anchorsPerCell } = levels[level] as (typeof levels)[number];
  const outputs = anchorsPerCell * values;
  if (level === levels.length - 1) {
    return graph.conv(name, map, takeConv(source, name, [outputs, channels, 3, 3]), { pad: 1 }, { kind: 'none' });
  }
  const filter = takeConv(source, `${name}.0`, [channels, 1, 3, 3]);
  const filtered = graph.conv(`${name}.0`, map, filter, { pad: 1, groups: channels }, relu);
  const mix = takeConv(source, `${name}.2`, [outputs, channels, 1, 1]);
  return graph.conv(`${name}.2`, filtered, mix, {}, { kind: 'none' });
}
