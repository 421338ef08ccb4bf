import { sideOffsetPx } from '../../src/box/iou.js';
import { descendingOrder, type NmsOptions } from '../../src/index.js';

/** Greedy suppression on a sorted index, each box compared with every kept one: what nms is measured against. */
export function plainNms(boxesXyxy: Float32Array, scores: Float32Array, options: NmsOptions, keep: Int32Array): number {
  const count = scores.length;
  const offset = sideOffsetPx(options.convention);
  const order = descendingOrder(scores);
  reserve(count);
  let kept = 0;
  for (let rank = 0; rank < count; rank++) {
    const at = order[rank] * 4;
    const x1 = boxesXyxy[at];
    const y1 = boxesXyxy[at + 1];
    const x2 = boxesXyxy[at + 2] + offset;
    const y2 = boxesXyxy[at + 3] + offset;
    const area = (x2 - x1) * (y2 - y1);
    if (overlapsKept(kept, x1, y1, x2, y2, area, options.iouThreshold)) continue;
    const to = kept * 5;
    keptBoxes[to] = x1;
    keptBoxes[to + 1] = y1;
    keptBoxes[to + 2] = x2;
    keptBoxes[to + 3] = y2;
    keptBoxes[to + 4] = area;
    keep[kept++] = order[rank];
  }
  return kept;
}

/** The kept boxes of the running call, [capacity, 5]: x1, y1, x2 + offset, y2 + offset, area. */
let keptBoxes = new Float64Array(0);

function reserve(count: number): void {
  if (keptBoxes.length < count * 5) keptBoxes = new Float64Array(count * 5);
}

function overlapsKept(
  kept: number,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  area: number,
  iouThreshold: number,
): boolean {
  for (let at = 0; at < kept * 5; at += 5) {
    const width = Math.min(x2, keptBoxes[at + 2]) - Math.max(x1, keptBoxes[at]);
    if (width <= 0) continue;
    const height = Math.min(y2, keptBoxes[at + 3]) - Math.max(y1, keptBoxes[at + 1]);
    if (height <= 0) continue;
    const overlap = width * height;
    if (overlap / (area + keptBoxes[at + 4] - overlap) > iouThreshold) return true;
  }
  return false;
}
