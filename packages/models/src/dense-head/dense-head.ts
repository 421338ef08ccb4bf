import { seededRandom } from '@retinabench/core';
import { flattenCells } from '../architectures/heads.js';
import type { GraphBuilder } from '../graph/builder.js';
import type { ConvWeights } from '../graph/conv-weights.js';

/** Numbers of the dense head for an anchor: P_ST 128, P_cam 7, P_ill 9. */
export const denseValues = 144;

/** Name of the dense head's output, [N, anchors, 144]. */
export const denseOutput = 'dense';

/** A feature map that heads stand on. */
export interface HeadMap {
  readonly map: string;
  readonly channels: number;
  readonly anchorsPerCell: number;
}

/** Standard deviation of the random weights: outputs differ from anchor to anchor, but stay close to the biases. */
const weightDeviation = 0.002;

/** P_cam and P_ill of the biases: a face in front of a camera a metre away that fills two thirds of the anchor; a light above the camera. */
const startCamera = [0, 1, 105, 0, 1, 8, 3.5];
const startIllumination = [0, 40, 80, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5];

/**
 * Weights of a dense head from a seed, for shape, decoding and cost alone. Its biases are a usable camera and light, so that
 * every anchor decodes to a face that can be drawn.
 *
 * @param maps one per level, in the order of the other heads.
 * @returns a 1 x 1 convolution a map.
 */
export function randomDenseWeights(maps: readonly HeadMap[], seed: number): ConvWeights[] {
  const random = seededRandom(seed);
  return maps.map(({ channels, anchorsPerCell }) => {
    const outputs = denseValues * anchorsPerCell;
    const weight = Float32Array.from(
      { length: outputs * channels },
      () => weightDeviation * (2 * random() - 1) * Math.sqrt(3),
    );
    const anchorBias = [...new Array<number>(denseValues - 16).fill(0), ...startCamera, ...startIllumination];
    const bias = Float32Array.from({ length: outputs }, (_, at) => anchorBias[at % denseValues]);
    return { dims: [outputs, channels, 1, 1], weight, bias };
  });
}

/** The part of a head that sees mean colours (colourPyramid), for one level. */
export interface ColourPart {
  /** Name of the colour map. */
  readonly map: string;
  /** colourDilation of each anchor size. */
  readonly dilations: readonly number[];
  /** [anchors a cell x numbers, 3, 3, 3]. */
  readonly weight: Float32Array;
}

/** The hidden units of a head on one level: rectified, they add to its numbers what a linear head cannot give. */
export interface HiddenPart {
  /** 1 x 1, [anchors a cell x units, channels]. */
  readonly features: ConvWeights;
  /** [anchors a cell x units, 3, 3, 3], where the head sees colours. */
  readonly colour?: Float32Array;
  /** [anchors a cell x 144, units]: an anchor's numbers take its own units. */
  readonly out: Float32Array;
}

/**
 * Add the fourth output of the paper's detector, a convolution on each map.
 *
 * @param maps    one per level, in the order of the other heads.
 * @param weights one per map.
 * @param colours one per map, added to it: not in the paper; absent, the head sees the features alone.
 * @param hidden  one per map, added to it: not in the paper, whose head is linear.
 * @returns the number of parameters added.
 * Source: arXiv:1905.00641, section 3.2 and figure 2.
 */
export function denseHead(
  graph: GraphBuilder,
  maps: readonly HeadMap[],
  weights: readonly ConvWeights[],
  colours?: readonly ColourPart[],
  hidden?: readonly HiddenPart[],
): number {
  let parameters = 0;
  const levels = maps.map((own, level) => {
    const { weight, bias } = weights[level];
    parameters += weight.length + bias.length;
    const raw = graph.conv(`dense.${level}`, own.map, weights[level], {}, { kind: 'none' });
    let sum = raw;
    if (colours !== undefined) {
      parameters += colours[level].weight.length;
      sum = graph.add(`dense.${level}.sum`, raw, colourConvolution(graph, `dense.${level}.colour`, colours[level]));
    }
    if (hidden !== undefined) {
      const { features, colour, out } = hidden[level];
      parameters += features.weight.length + features.bias.length + (colour?.length ?? 0) + out.length;
      const given = hiddenConvolution(graph, `dense.${level}.hidden`, own, hidden[level], colours?.[level]);
      sum = graph.add(`dense.${level}.all`, sum, given);
    }
    return flattenCells(graph, sum, denseValues);
  });
  if (levels.length === 1) graph.node(denseOutput, 'Identity', levels);
  else graph.concat(denseOutput, levels, 1);
  graph.output(denseOutput, ['batch', 'anchors', denseValues]);
  return parameters;
}

/** What the hidden units of a level add to its outputs. */
function hiddenConvolution(
  graph: GraphBuilder,
  name: string,
  { map, anchorsPerCell }: HeadMap,
  { features, colour, out }: HiddenPart,
  seen: ColourPart | undefined,
): string {
  let units = graph.conv(name, map, features, {}, { kind: 'none' });
  if (seen !== undefined && colour !== undefined) {
    units = graph.add(`${name}.sum`, units, colourConvolution(graph, `${name}.colour`, { ...seen, weight: colour }));
  }
  const outputs = denseValues * anchorsPerCell;
  const dims = [outputs, features.dims[0] / anchorsPerCell, 1, 1] as const;
  const weights = { dims, weight: out, bias: new Float32Array(outputs) };
  const rectified = graph.activate(units, { kind: 'relu' });
  return graph.conv(`${name}.out`, rectified, weights, { groups: anchorsPerCell }, { kind: 'none' });
}

/** What the colours add to the outputs of a level: a convolution for each anchor size, as each has a spacing of its own. */
function colourConvolution(graph: GraphBuilder, name: string, { map, dilations, weight }: ColourPart): string {
  const outputs = weight.length / (27 * dilations.length);
  const size = outputs * 27;
  const parts = dilations.map((dilation, anchor) => {
    const own = weight.slice(anchor * size, (anchor + 1) * size);
    const weights = { dims: [outputs, 3, 3, 3], weight: own, bias: new Float32Array(outputs) } as const;
    return graph.conv(`${name}.${anchor}`, map, weights, { pad: dilation, dilation }, { kind: 'none' });
  });
  return graph.concat(name, parts, 1);
}
