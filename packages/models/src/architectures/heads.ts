import type { GraphBuilder } from '../graph/builder.js';
import { interleaveConvs } from '../graph/conv-weights.js';
import { takeConv } from '../graph/torch-layers.js';
import type { WeightSource } from '../graph/weight-source.js';

/** Numbers that a head gives for an anchor: class logits, box offsets, landmark offsets. */
export const valuesPerAnchor = { scores: 2, boxes: 4, landmarks: 10 } as const;

/** Names of the three outputs of every RetinaFace graph: raw logits and raw offsets, [N, anchors, 2 | 4 | 10]. */
export const headOutputs = { scores: 'scores', boxes: 'boxes', landmarks: 'landmarks' } as const;

/**
 * The 1 x 1 heads of the public port.
 *
 * The three convolutions of a level run as one, its channels ordered by anchor (2 + 4 + 10 of each), so that all levels
 * concatenate to [N, anchors, 16] in output order and are split once: 16 channels an anchor fill whole vector blocks,
 * where 4 + 8 + 20 would not.
 *
 * @param maps            one per level, fine to coarse.
 * @param channels        of each map.
 * @param anchorsPerCell  of each level.
 */
export function pointwiseHeads(
  graph: GraphBuilder,
  source: WeightSource,
  maps: readonly string[],
  channels: number,
  anchorsPerCell: number,
): void {
  const { scores, boxes, landmarks } = valuesPerAnchor;
  const levels = maps.map((map, level) => {
    const head = (name: string, values: number) =>
      takeConv(source, `${name}.${level}.conv1x1`, [values * anchorsPerCell, channels, 1, 1]);
    const weights = interleaveConvs(
      [head('ClassHead', scores), head('BboxHead', boxes), head('LandmarkHead', landmarks)],
      [scores, boxes, landmarks],
    );
    const raw = graph.conv(`heads.${level}`, map, weights, {}, { kind: 'none' });
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
