import type { GraphBuilder } from '../graph/builder.js';
import { type ConvWeights, interleaveConvs } from '../graph/conv-weights.js';
import { takeConv } from '../graph/torch-layers.js';
import type { WeightRole, WeightSource } from '../graph/weight-source.js';

/** Numbers that a head gives for an anchor: class logits, box offsets, landmark offsets. */
export const valuesPerAnchor = { scores: 2, boxes: 4, landmarks: 10 } as const;

/** Names of the three outputs of every RetinaFace graph: raw logits and raw offsets, [N, anchors, 2 | 4 | 10]. */
export const headOutputs = { scores: 'scores', boxes: 'boxes', landmarks: 'landmarks' } as const;

/** How the heads of a pyramid are laid out. */
export interface HeadLayout {
  readonly anchorsPerCell: number;
  /** Whether all levels use the same weights (the paper), or each its own (the public port). */
  readonly shared: boolean;
}

/**
 * The 1 x 1 heads, named as in the public port.
 *
 * The three convolutions of a level run as one, its channels ordered by anchor (2 + 4 + 10 of each), so that all levels
 * concatenate to [N, anchors, 16] in output order and are split once: 16 channels an anchor fill whole vector blocks,
 * where 4 + 8 + 20 would not.
 *
 * @param maps     one per level, fine to coarse.
 * @param channels of each map.
 */
export function pointwiseHeads(
  graph: GraphBuilder,
  source: WeightSource,
  maps: readonly string[],
  channels: number,
  { anchorsPerCell, shared }: HeadLayout,
): void {
  const { scores, boxes, landmarks } = valuesPerAnchor;
  const weightsOf = (level: number): ConvWeights => {
    const head = (name: string, values: number, bias: WeightRole): ConvWeights =>
      takeConv(source, `${name}.${level}.conv1x1`, [values * anchorsPerCell, channels, 1, 1], {
        weight: 'head-weight',
        bias,
      });
    return interleaveConvs(
      [
        head('ClassHead', scores, 'class-bias'),
        head('BboxHead', boxes, 'bias'),
        head('LandmarkHead', landmarks, 'bias'),
      ],
      [scores, boxes, landmarks],
    );
  };
  const first = weightsOf(0);
  const levels = maps.map((map, level) => {
    const weights = level === 0 || shared ? first : weightsOf(level);
    const options = shared ? { weightsAs: 'heads' } : {};
    const raw = graph.conv(`heads.${level}`, map, weights, options, { kind: 'none' });
    return flattenCells(graph, raw, scores + boxes + landmarks);
  });
  graph.split('heads.split', graph.concat('heads.all', levels, 1), 2, [
    { name: headOutputs.scores, size: scores },
    { name: headOutputs.boxes, size: boxes },
    { name: headOutputs.landmarks, size: landmarks },
  ]);
  declareHeadOutputs(graph);
}

/** A [N, anchors x values, H, W] map as [N, H x W x anchors, values]: row by row, column by column, anchor by anchor. */
export function flattenCells(graph: GraphBuilder, map: string, values: number): string {
  return graph.reshape(`${map}.flat`, graph.transpose(`${map}.cells`, map, [0, 2, 3, 1]), [0, -1, values]);
}

/** Declare the three outputs, for any batch and any input size. */
export function declareHeadOutputs(graph: GraphBuilder): void {
  graph.output(headOutputs.scores, ['batch', 'anchors', valuesPerAnchor.scores]);
  graph.output(headOutputs.boxes, ['batch', 'anchors', valuesPerAnchor.boxes]);
  graph.output(headOutputs.landmarks, ['batch', 'anchors', valuesPerAnchor.landmarks]);
}
