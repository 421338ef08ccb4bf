import { sideOffsetPx } from '../../src/box/iou.js';
import { boxIou, type NmsOptions } from '../../src/index.js';

/** Greedy suppression written down as its definition says, with a comparator sort and no pruning: the oracle of nms. */
export function greedyNms(boxesXyxy: Float32Array, scores: Float32Array, options: NmsOptions): number[] {
  const offsetPx = sideOffsetPx(options.convention);
  const order = Array.from(scores, (_, index) => index).sort((a, b) => scores[b] - scores[a] || a - b);
  const keep: number[] = [];
  for (const index of order) {
    const suppressed = keep.some((kept) => boxIou(boxesXyxy, index, boxesXyxy, kept, offsetPx) > options.iouThreshold);
    if (!suppressed) keep.push(index);
  }
  return keep;
}
